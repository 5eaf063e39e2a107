import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { hashOf, type Look } from './disk.ts'
import { createDiskHistory } from './disk-history.ts'
import type { MergeBase } from './merge-bases.ts'

const row = (n: number, text: string, from: MergeBase['from'] = 'document'): MergeBase => ({ n, text, hash: hashOf(text), from })
const [one, two, three] = [row(1, 'low\n'), row(2, 'low\nhigh water at noon\n'), row(3, 'low\nhigh water at noon\nslack at dusk\n')]
const saw = ({ text, hash }: MergeBase): Look => ({ status: 'text', text, hash, ageMs: 0 })
const now = () => performance.now()

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

/** What the server knew of a file whose document held `text`; `dropped` are the texts that are known never to have come to the disk. */
function historyOf(rows: MergeBase[], { text = '', marked }: { text?: string; marked?: number } = {}) {
  const dropped: MergeBase[] = []
  const history = createDiskHistory({
    read: async () => rows,
    add: async () => one,
    drop: async (added) => void dropped.push(added),
    settle: async () => undefined,
  })
  history.restore(rows, { text, marked })
  return { history, dropped }
}

/** That of a file that the disk was looked at and has `last`, after `before`. */
function levelWith(before: MergeBase, last: MergeBase) {
  const { history, dropped } = historyOf([before])
  history.begin()
  history.tookIn(last, undefined)
  return { history, dropped }
}

test.each<[string, MergeBase[], { text?: string; marked?: number }, number | undefined]>([
  ['nothing was known', [], {}, undefined],
  ['the one of a file that was closed in good order', [row(4, 'ebb', 'disk')], { text: 'ebb' }, 4],
  ['one of the disk that the document never took in', [row(4, 'ebb', 'disk')], { text: 'flood' }, undefined],
  ['the newest, which was written from the document', [one, two], {}, 2],
  ['the newest of the disk, which the document took in', [one, row(2, 'ebb', 'disk')], { marked: 2 }, 2],
  ['the one before the newest, which it did not', [one, row(2, 'ebb', 'disk')], { marked: 1 }, 1],
])('what a file begins with: %s', (_what, rows, document, n) => {
  const { history } = historyOf(rows, document)
  expect(history.base()?.n).toBe(n)
  expect(history.isUncertain()).toBe(true)
})

test('after a crash the disk may have the text before the newest', () => {
  const { history } = historyOf([one, two, three])
  expect(history.fallBack(one.hash)).toBe(false)
  expect(history.base()).toBe(three)
  expect(history.fallBack(two.hash)).toBe(true)
  expect(history.base()).toBe(two)
})

test.each<[string, Look, { isThere: boolean; base: MergeBase; dropped: MergeBase[] }]>([
  ['it came to the disk', saw(two), { isThere: true, base: two, dropped: [] }],
  ['the disk has another text, perhaps made of it', saw(three), { isThere: false, base: one, dropped: [] }],
  ['the disk is as it was', { status: 'same' }, { isThere: false, base: one, dropped: [two] }],
  ['the file is gone', { status: 'missing' }, { isThere: false, base: one, dropped: [two] }],
])('a write whose end nobody heard: %s', async (_what, found, { isThere, base, dropped: gone }) => {
  const { history, dropped } = historyOf([one])
  history.beginWrite(two)
  expect(await history.settleWrite(found)).toBe(isThere)
  expect(history.base()).toBe(base)
  expect(dropped).toEqual(gone)
  expect(await history.settleWrite(saw(two))).toBe(false)
})

test.each<[string, { found: string; byCommand?: true }, { origin: MergeBase; older: MergeBase | undefined }]>([
  ['a slow program, of what it read a moment ago', { found: 'low tide\n' }, { origin: one, older: one }],
  ['a program, of what is there', { found: `${two.text}ebb\n` }, { origin: two, older: one }],
  ['a text that is put back, of what is there', { found: one.text }, { origin: two, older: one }],
  ['a command that put it back', { found: one.text, byCommand: true }, { origin: two, older: one }],
  ['a command that knows what is new', { found: 'high water at noon\n', byCommand: true }, { origin: two, older: undefined }],
])('where a text came from: %s', (_what, { found, byCommand }, source) => {
  const { history } = levelWith(one, two)
  vi.advanceTimersByTime(10)
  expect(history.sourceOf(found, now(), byCommand && now())).toEqual(source)
})

test('once a file is rewritten, nobody works from what was there before', () => {
  const { history } = levelWith(one, two)
  history.tookIn(row(3, 'neap\n'), two)
  expect(history.sourceOf('low tide\n', now(), undefined).origin?.n).toBe(3)
})

test('a late write names a text that is known, or that is stored', async () => {
  const { history } = historyOf([one, two, three])
  expect(await history.find(three.hash)).toBe(three)
  expect(await history.find(one.hash)).toBe(one)
  expect(await history.find('another')).toBeUndefined()
})
