/*
 * Fractional indexes: strings over 0-9A-Za-z that sort as text, such that another always fits between two. A key never ends in
 * `0`, so that there is room before it.
 */
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const valueOf = (text: string, at: number, missing: number) => (at < text.length ? digits.indexOf(text.charAt(at)) : missing)

/** Longer keys are made anew with all the others: see `place`. */
const longKey = 80

/**
 * A key between two others; undefined stands for an open end. Where the two are in the wrong order or equal (two people
 * placed at once), the key comes right after the first.
 */
export function orderBetween(before: string | undefined, after: string | undefined): string {
  const low = before ?? ''
  const high = after !== undefined && after > low ? after : undefined
  let key = ''
  for (let at = 0; ; at++) {
    const from = Math.max(0, valueOf(low, at, 0))
    const open = high === undefined || !high.startsWith(key)
    const upTo = open ? digits.length : Math.max(0, valueOf(high, at, digits.length))
    if (upTo - from > 1)
      return key + digits.charAt(from + stepOf(from, upTo, open && at < low.length, before === undefined && at < (high?.length ?? 0)))
    key += digits.charAt(from)
  }
}

/** At either end of a list keys grow slowly: the next digit, not the middle. */
function stepOf(from: number, upTo: number, atEnd: boolean, atFront: boolean): number {
  if (atEnd) return 1
  return atFront ? upTo - from - 1 : Math.floor((upTo - from) / 2)
}

/**
 * Where something has to stand so that it comes to place `at` of a list, as changes of keys: its `own`, and
 * those of neighbours that must give way because they share one key. Whoever else moves such a neighbour at that moment may
 * lose their move to it, so keys are never shared in the first place: each ends in a `mark` of its own. When keys have grown
 * long, all are made anew.
 * @param orders the keys of the others, sorted
 * @param mark a few digits, not ending in `0`, that no other thing has
 */
export function place(orders: readonly string[], at: number, mark: string): { own: string; others: ReadonlyMap<number, string> } {
  const before = orders[at - 1]
  const others = new Map<number, string>()
  let next = at
  while (before !== undefined && next < orders.length && (orders[next] ?? '') <= before) next++
  const own = orderBetween(before, orders[next]) + mark
  let last = own
  for (let i = at; i < next; i++) others.set(i, (last = orderBetween(last, orders[next])))
  return last.length > longKey || own.length > longKey ? spread(orders.length, at, mark) : { own, others }
}

/** Short keys for all, evenly apart. */
function spread(count: number, at: number, mark: string): { own: string; others: ReadonlyMap<number, string> } {
  const others = new Map<number, string>()
  const gap = Math.floor(digits.length ** 3 / (count + 2))
  const key = (i: number) => {
    const value = Math.floor((i + 1) * gap)
    const text = [62 * 62, 62, 1].map((unit) => digits.charAt(Math.floor(value / unit) % 62)).join('')
    return text.endsWith('0') ? `${text}V` : text
  }
  for (let i = 0; i < count; i++) others.set(i, key(i < at ? i : i + 1))
  return { own: key(at) + mark, others }
}
