import { expect, test } from 'vitest'
import { guessedHeight, isAtEnd, anchoredTop, neededAt, stuckAfterScroll, type Place } from './scroll-rules.ts'

/** The items 101 to 200 of 400, 64 pixels each, in a view of 800. */
const middle: Place = {
  view: { from: 101, to: 200, follows: false },
  last: 400,
  top: 6400,
  drawn: 6400,
  scrollTop: 9000,
  clientHeight: 800,
  scrollHeight: 25_600,
}

test.each([
  ['in the middle of what is drawn', {}, undefined],
  ['near its upper end', { scrollTop: 7000 }, { extend: 'up', low: false }],
  ['near its lower end', { scrollTop: 11_000 }, { extend: 'down', low: false }],
  ['little is drawn', { drawn: 1000, scrollTop: 6400 }, { extend: 'up', low: true }],
  ['far above it', { scrollTop: 1600 }, { jumpTo: 26 }],
  ['far below it', { scrollTop: 18_800 }, { jumpTo: 300 }],
  ['at the beginning there is nothing above', { view: { from: 1, to: 100, follows: false }, top: 0, scrollTop: 0, drawn: 6400 }, undefined],
  ['in a pane that is not shown', { clientHeight: 0, scrollTop: 0 }, undefined],
] as const)('%s', (_, change, need) => {
  expect(neededAt({ ...middle, ...change })).toEqual(need)
})

test.each([
  ['a hand that pulls up leaves the end', { stuck: true, led: false, byHand: true }, 900, 700, false, false],
  ['text that comes does not', { stuck: true, led: false, byHand: false }, 900, 700, false, true],
  ['nor does a hand that stays near it', { stuck: true, led: false, byHand: true }, 900, 880, true, true],
  ['the way down to the end comes back to it', { stuck: false, led: false, byHand: true }, 700, 900, true, true],
  ['not the way up, however near', { stuck: false, led: false, byHand: true }, 910, 900, true, false],
  ['not where somebody else leads', { stuck: false, led: true, byHand: false }, 700, 900, true, false],
] as const)('%s', (_, hold, before, offset, atEnd, stuck) => {
  expect(stuckAfterScroll(hold, before, offset, atEnd)).toBe(stuck)
})

test('at the end is near the end of the newest', () => {
  const end = { ...middle, view: { from: 301, to: 400, follows: true }, scrollTop: 24_760 }
  expect([isAtEnd(end), isAtEnd({ ...end, scrollTop: 24_700 }), isAtEnd({ ...end, last: 401 })]).toEqual([true, false, false])
})

test.each([
  ['rows that came above are taken from what is not drawn', [1000, 300, false, 640], { top: 700, scrollBy: 0 }],
  ['rows that went above are given to it', [1000, -300, false, 640], { top: 1300, scrollBy: 0 }],
  ['from the beginning the scrolling takes it', [0, 300, true, 0], { top: 0, scrollBy: 300 }],
  ['what stood for rows that are all drawn now goes', [64, 100, true, 0], { top: 0, scrollBy: 36 }],
  ['a guess that was too small is made anew', [200, 300, false, 640], { top: 640, scrollBy: 740 }],
] as const)('%s', (_, [top, moved, isFirst, above], kept) => {
  expect(anchoredTop(top, moved, isFirst, above)).toEqual(kept)
})

test('what is not drawn is never higher than a browser can scroll', () => {
  expect([guessedHeight(10, 400), guessedHeight(1_000_000, 1_000_000)]).toEqual([640, 8_000_000])
})
