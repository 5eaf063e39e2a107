import type { View } from './view.ts'

/** How near the end of a session counts as at it, in pixels. */
const nearEnd = 48
/** How near an end of what is drawn more is fetched. */
const margin = 1600
/** A place this far from what is drawn is jumped to, not walked to. */
const far = 2400
/** What a row is taken to be high until it is drawn, and the most that all of them may be. */
const guess = { row: 64, most: 8_000_000 }

/** The height that stands for so many items of a session of `last` that are not drawn. */
export const guessedHeight = (items: number, last: number) => items * Math.min(guess.row, guess.most / Math.max(1, last))

/** Where one is in a session, in pixels: `top` is the height that stands for what is not drawn above, `drawn` that of the rows. */
export type Place = { view: View; last: number; top: number; drawn: number; scrollTop: number; clientHeight: number; scrollHeight: number }

/** What has to be fetched for what is looked at: a page more at one end (`low`: little is drawn), or the stretch around another place. */
export type Need = { extend: 'up' | 'down'; low: boolean } | { jumpTo: number } | undefined

export function neededAt({ view, last, top, drawn, scrollTop, clientHeight, scrollHeight }: Place): Need {
  // Not laid out: in a pane that is not shown.
  if (clientHeight === 0) return undefined
  const low = drawn < clientHeight + 3 * margin
  const end = top + drawn
  if (view.from > 1 && scrollTop + clientHeight < top - far) return { jumpTo: Math.round(1 + (scrollTop / top) * (view.from - 1)) }
  if (view.to < last && scrollTop > end + far) {
    const rest = Math.max(1, scrollHeight - end - clientHeight)
    return { jumpTo: Math.round(view.to + ((scrollTop - end) / rest) * (last - view.to)) }
  }
  if (view.from > 1 && scrollTop < top + margin) return { extend: 'up', low }
  if (view.to < last && scrollTop + clientHeight > end - margin) return { extend: 'down', low }
  return undefined
}

export const isAtEnd = ({ view, last, scrollTop, clientHeight, scrollHeight }: Omit<Place, 'top' | 'drawn'>) =>
  view.to === last && scrollHeight - scrollTop - clientHeight < nearEnd

/** Whether the view is held at the end. `led`: it goes where somebody else reads. */
export type Hold = { stuck: boolean; led: boolean; byHand: boolean }

/** After scrolling from `before` to `offset`: only a person's own hand leaves the end, and only the way down comes back to it. */
export function stuckAfterScroll({ stuck, led, byHand }: Hold, before: number, offset: number, atEnd: boolean): boolean {
  if (stuck) return !(byHand && offset < before - 1 && !atEnd)
  return !led && atEnd && offset > before
}

/**
 * Keeps a row in place that has `moved` by so much: the spacer above it takes the difference, so that scrolling is not disturbed, and the
 * scroll offset takes what the spacer cannot.
 * @param above what the items not drawn above would be high
 */
export function anchoredTop(top: number, moved: number, isFirst: boolean, above: number): { top: number; scrollBy: number } {
  const given = Math.max(0, isFirst ? 0 : top - moved)
  const rest = moved + given - top
  const scrollBy = Math.abs(rest) > 0.5 ? rest : 0
  // The spacer was lower than what stands above.
  return !isFirst && given < 1 ? { top: above, scrollBy: scrollBy + above } : { top: given, scrollBy }
}
