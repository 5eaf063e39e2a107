/*
 * Fractional indexes: strings over 0-9A-Za-z that sort as text, such that another always fits between two. A key never ends in
 * `0`, so that there is room before it.
 */
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const valueOf = (text: string, at: number, missing: number) => (at < text.length ? digits.indexOf(text.charAt(at)) : missing)

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
    if (upTo - from > 1) {
      // At the end of a list keys grow slowly: the next digit, not the middle.
      const step = open && at < low.length ? 1 : Math.floor((upTo - from) / 2)
      return key + digits.charAt(from + step)
    }
    key += digits.charAt(from)
  }
}
