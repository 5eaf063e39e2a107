import { expect, test } from 'vitest'
import { endView, extended, forgetFar, missing, viewAround, viewSizes, withNewest, type View } from './view.ts'

const length = (view: View) => view.to - view.from + 1

test('a view that follows takes in what comes and never grows beyond its bound', () => {
  let view = endView(1000)
  expect(view).toEqual({ from: 1000 - viewSizes.first + 1, to: 1000, follows: true })
  for (let last = 1001; last <= 3000; last += 1) {
    view = withNewest(view, last)
    expect(view.to).toBe(last)
    expect(length(view)).toBeLessThanOrEqual(viewSizes.most)
  }
  const away = viewAround(500, 3000)
  expect(withNewest(away, 3001)).toBe(away)
})

test('walking from the end to the beginning and back shows every item, with a bounded number at a time', () => {
  const last = 10_007
  let view: View | undefined = endView(last)
  const seen = new Set<number>()
  const note = (now: View) => {
    expect(length(now)).toBeLessThanOrEqual(viewSizes.most)
    for (let seq = now.from; seq <= now.to; seq += 1) seen.add(seq)
  }
  for (let now: View | undefined = view; now; now = extended(now, 'up', last)) {
    note(now)
    view = now
  }
  expect(view?.from).toBe(1)
  expect(view?.follows).toBe(false)
  expect(seen.size).toBe(last)
  seen.clear()
  for (let now: View | undefined = view; now; now = extended(now, 'down', last)) {
    note(now)
    view = now
  }
  expect(view?.to).toBe(last)
  expect(view?.follows).toBe(true)
  expect(seen.size).toBe(last)
})

test('around an item at either end the view is as long as anywhere, and whole sessions fit when they are short', () => {
  expect(viewAround(1, 1000)).toEqual({ from: 1, to: viewSizes.around, follows: false })
  expect(viewAround(1000, 1000)).toEqual({ from: 1000 - viewSizes.around + 1, to: 1000, follows: true })
  expect(viewAround(3, 5)).toEqual({ from: 1, to: 5, follows: true })
  expect(endView(0)).toEqual({ from: 1, to: 0, follows: true })
})

test('only what is not known is asked for, and what is far is forgotten', () => {
  const known = new Map(Array.from({ length: 2000 }, (_, at) => [at + 1, at]))
  const view = viewAround(1900, 2000)
  expect(missing(view, known)).toBeUndefined()
  expect(missing({ from: 1990, to: 2100, follows: false }, known)).toEqual({ from: 2001, to: 2100 })
  forgetFar(known, view)
  expect(known.size).toBe(length(view) + viewSizes.kept)
  expect(missing(view, known)).toBeUndefined()
  expect(known.has(1)).toBe(false)
})

test('where much folds into little, more is taken in and neither end is let go of', () => {
  let view: View | undefined = endView(2000)
  for (let now: View | undefined = view; now; now = extended(now, 'up', 2000, true)) {
    expect(now.follows).toBe(true)
    view = now
  }
  expect(view).toEqual({ from: 1, to: 2000, follows: true })
})
