import { expect, test } from 'vitest'
import type { Item } from '#shared/sessions/items.ts'
import { ada, builder, ids, mei } from '../testing.tsx'
import { grewAtTheTop, rowsOf } from './rows.ts'
import { splitRows } from './use-split.ts'
import { newestRun } from './use-items.ts'

const noon = new Date(2026, 10, 20, 12).getTime()
const at = (seq: number, afterMs = 0) => ({ id: ids.item(seq), seq, createdAt: noon + seq * 1000 + afterMs, finishedAt: noon + seq * 1000 + afterMs })
const message = (seq: number, author: typeof ada | typeof mei | typeof builder, extra = {}): Item => ({
  ...at(seq),
  type: 'message',
  author,
  text: `m${seq}`,
  ...extra,
})
const tool = (seq: number): Item => ({ ...at(seq), type: 'tool_call', stepId: ids.step, author: builder, name: 'read_file', args: {}, status: 'ok' })
const event = (seq: number): Item => ({ ...at(seq), type: 'event', event: 'run_started', text: 'Builder started.' })

const shape = (items: Item[]) =>
  rowsOf(items, []).map((row) =>
    row.kind === 'day' ? 'day' : `${row.item.seq}${row.head ? ' head' : ''}${row.joinAbove ? ' ^' : ''}${row.joinBelow ? ' v' : ''}`,
  )

test('an author is named once for what they do in a row, and tool calls that follow each other join', () => {
  expect(shape([message(1, ada), event(2), message(3, builder), tool(4), tool(5), message(6, builder), message(7, mei)])).toEqual([
    'day',
    '1 head',
    '2',
    '3 head',
    '4 v',
    '5 ^',
    '6',
    '7 head',
  ])
})

test('a message with another mode or addressee is headed again, so that its badge is its own', () => {
  expect(shape([message(1, ada), message(2, ada), message(3, ada, { mode: 'steer' }), message(4, ada, { to: 'people' })])).toEqual([
    'day',
    '1 head',
    '2',
    '3 head',
    '4 head',
  ])
})

test('a new day is said', () => {
  const next: Item = { ...message(2, ada), createdAt: noon + 86_400_000 }
  expect(shape([message(1, ada), next])).toEqual(['day', '1 head', 'day', '2 head'])
})

test('an item that has finished is not shown a second time while it is still live', () => {
  const finished = message(1, builder)
  const live = { item: { ...finished, seq: 0 }, text: undefined } as never
  expect(rowsOf([finished], [live]).filter((row) => row.kind === 'item')).toHaveLength(1)
})

test('older pages are told from news', () => {
  const news = rowsOf([message(5, ada), message(6, mei)], [])
  expect(grewAtTheTop(news, rowsOf([message(4, mei), message(5, ada), message(6, mei)], []))).toBe(true)
  expect(grewAtTheTop(news, rowsOf([message(5, ada), message(6, mei), message(7, ada)], []))).toBe(false)
})

test('only the run without a gap that ends with the newest item is shown', () => {
  const seen = new Map([1, 2, 5, 6, 7].map((seq) => [seq, message(seq, ada)]))
  expect(newestRun(seen).map((item) => item.seq)).toEqual([5, 6, 7])
  expect(newestRun(new Map())).toEqual([])
})

test('the newest rows stay plain elements, and old ones leave them in batches', () => {
  const items = Array.from({ length: 400 }, (_, i) => message(i + 1, i % 2 ? mei : ada))
  const first = splitRows(undefined, rowsOf(items.slice(0, 100), []))
  expect(first.rows.length - first.at).toBe(80)
  const later = splitRows(first, rowsOf(items.slice(0, 150), []))
  expect(later.at).toBe(first.at)
  const last = splitRows(later, rowsOf(items.slice(0, 220), []))
  expect(last.rows.length - last.at).toBe(80)
})
