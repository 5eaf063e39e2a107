import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { growText } from './grow-text.ts'

test('a text that grows is what was appended, for readers too, and no piece of it is long', () => {
  const writer = new Y.Doc()
  const reader = new Y.Doc()
  const seen: unknown[] = []
  reader.getText('t').observe((event) => seen.push(...event.delta.filter((part) => !('retain' in part))))
  writer.on('update', (update: Uint8Array) => Y.applyUpdate(reader, update))
  let whole = ''
  for (let n = 0; n < 3_000; n++) {
    const words = `word ${n} é🙂 `.repeat(1 + (n % 5))
    whole += words
    writer.transact(() => growText(writer.getText('t'), words))
  }
  expect(whole.length).toBeGreaterThan(100_000)
  expect(reader.getText('t').toString()).toBe(whole)
  expect(seen.every((part) => typeof (part as { insert?: unknown }).insert === 'string')).toBe(true)
  for (const doc of [writer, reader]) {
    const pieces: number[] = []
    for (let item = doc.getText('t')._start; item; item = item.right) pieces.push(item.length)
    expect(Math.max(...pieces)).toBeLessThan(9_000)
  }
})

test('one piece larger than any is appended whole', () => {
  const doc = new Y.Doc()
  doc.transact(() => growText(doc.getText('t'), 'x'.repeat(50_000)))
  doc.transact(() => growText(doc.getText('t'), 'y'))
  expect(doc.getText('t').toString()).toBe(`${'x'.repeat(50_000)}y`)
})
