/** The stretch of a session that is drawn, by seq, both ends included. `follows`: it ends with the newest item, also with the next one. */
export type View = { from: number; to: number; follows: boolean }

export const viewSizes = {
  /** Drawn at first, at the end. */
  first: 60,
  /** Added at one end at a time. */
  page: 50,
  /** Around an item that is jumped to. */
  around: 60,
  /** Beyond this the far end is let go, once what is drawn is higher than the view by far. */
  most: 200,
  /** Most that are ever drawn: many calls may fold into one line. */
  widest: 3000,
  /** Items remembered beyond those drawn. */
  kept: 600,
}

const atLeastOne = (seq: number) => Math.max(1, seq)

/** The end of a session that has `last` items. */
export const endView = (last: number): View => ({ from: atLeastOne(last - viewSizes.first + 1), to: last, follows: true })

/** The same view after items came. One that follows takes them in, and lets the oldest go in batches. */
export function withNewest(view: View, last: number): View {
  if (!view.follows || view.to === last) return view
  const length = last - view.from + 1
  const bound = view.to - view.from + 1 > viewSizes.most ? viewSizes.widest : viewSizes.most
  const from = length > bound ? atLeastOne(last - viewSizes.most / 2 + 1) : view.from
  return { from, to: last, follows: true }
}

/**
 * One page more at one end; what is then too far at the other end is let go, unless what is drawn is still `low`: then the
 * other end may be in view. Undefined when there is no more.
 */
export function extended(view: View, where: 'up' | 'down', last: number, low = false): View | undefined {
  const most = low ? viewSizes.widest : viewSizes.most
  if (low && view.to - view.from + 1 >= most) return undefined
  if (where === 'up') {
    if (view.from <= 1) return undefined
    const from = atLeastOne(view.from - viewSizes.page)
    const to = Math.min(view.to, from + most - 1)
    return { from, to, follows: view.follows && to === view.to }
  }
  if (view.to >= last) return undefined
  const to = Math.min(last, view.to + viewSizes.page)
  return { from: Math.max(view.from, to - most + 1), to, follows: to === last }
}

/** The stretch around an item. */
export function viewAround(seq: number, last: number): View {
  const half = Math.floor(viewSizes.around / 2)
  const from = atLeastOne(Math.min(seq - half, last - viewSizes.around + 1))
  const to = Math.min(last, from + viewSizes.around - 1)
  return { from, to, follows: to === last }
}

/** What of a view is not known yet: the smallest stretch to ask for. Undefined when all of it is there. */
export function missing(view: View, known: { has(seq: number): boolean }): { from: number; to: number } | undefined {
  let { from, to } = view
  while (from <= to && known.has(from)) from += 1
  while (to >= from && known.has(to)) to -= 1
  return from <= to ? { from, to } : undefined
}

/** Forgets the items farthest from the view, so that no more than `viewSizes.kept` stay beside it. */
export function forgetFar<T>(known: Map<number, T>, view: View): void {
  const excess = known.size - (view.to - view.from + 1) - viewSizes.kept
  if (excess <= 0) return
  const distance = (seq: number) => (seq < view.from ? view.from - seq : seq > view.to ? seq - view.to : 0)
  const far = [...known.keys()].sort((a, b) => distance(b) - distance(a)).slice(0, excess)
  for (const seq of far) if (distance(seq) > 0) known.delete(seq)
}
