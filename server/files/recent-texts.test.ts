import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { MergeBase } from './merge-bases.ts'
import { createRecentTexts, mostLagMs } from './recent-texts.ts'

const textOf = (n: number): MergeBase => ({ n, text: `text ${n}`, hash: `hash ${n}`, from: 'document' })
const [one, two, three] = [textOf(1), textOf(2), textOf(3)]
const now = () => performance.now()

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] }))
afterEach(() => void vi.useRealTimers())

test('a program may have read what was there until 1.5 s before it wrote', () => {
  const texts = createRecentTexts()
  texts.add(one)
  vi.advanceTimersByTime(1_000)
  texts.add(two)
  expect(texts.at(now())).toEqual([one, two])
  vi.advanceTimersByTime(1_000)
  expect(texts.at(now())).toEqual([two])
  expect(texts.at(now(), now() - 500)).toEqual([])
})

test('who wrote in the last ten seconds is told, also of what nobody works from any more', () => {
  const texts = createRecentTexts()
  texts.add(one)
  texts.end()
  vi.advanceTimersByTime(6_000)
  texts.add(two)
  expect(texts.toldSince(now())).toBe(one)
  vi.advanceTimersByTime(5_000)
  expect(texts.toldSince(now())).toBe(two)
  vi.advanceTimersByTime(6_000)
  expect(texts.toldSince(now())).toBeUndefined()
})

test('what it wrote may be looked at much later', () => {
  const texts = createRecentTexts()
  texts.add(one)
  vi.advanceTimersByTime(500)
  const writtenAt = now()
  vi.advanceTimersByTime(8_000)
  texts.add(two)
  texts.prune(three)
  expect(texts.at(writtenAt)).toEqual([one, two])
  expect(texts.at(now())).toEqual([two])
  vi.advanceTimersByTime(mostLagMs)
  texts.prune(three)
  expect(texts.at(writtenAt)).toEqual([two])
})

test('after a crash any of them may be there, and for a while it may have been read', () => {
  const texts = createRecentTexts()
  texts.restore([one, two])
  vi.advanceTimersByTime(60_000)
  expect(texts.at(now())).toEqual([one, two])
  expect(texts.newest()).toBe(two)
  texts.begin()
  vi.advanceTimersByTime(1_000)
  expect(texts.at(now())).toEqual([one, two])
  vi.advanceTimersByTime(1_000)
  expect(texts.at(now())).toEqual([])
})

test('what the disk has is none of them, and there are never many', () => {
  const texts = createRecentTexts()
  for (let n = 1; n <= 500; n++) texts.add(textOf(n))
  texts.add(one)
  texts.prune(one)
  expect(texts.find('hash 1')).toBeUndefined()
  expect(texts.at(now())).toHaveLength(64)
  expect(texts.find('hash 500')?.n).toBe(500)
  texts.end()
  expect(texts.at(now())).toEqual([])
})
