import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { ForeignAuthor } from './authors.ts'
import { checkContent } from './check-content.ts'
import { checkRepeats } from './check-repeats.ts'
import { BadFrame } from './frames.ts'
import { inspectUpdate } from './inspect-update.ts'
import { fromRows, splitBytes, toRows } from './row-codec.ts'
import { stampState } from './presence.ts'
import { decodeSegment, encodeSegment } from './segment.ts'
import { snapshotDue } from './snapshots.ts'
import { tokenBucket } from './token-bucket.ts'
import { yjsTranslation } from './yjs-protocol.ts'

const every = () => {
  const doc = new Y.Doc()
  const text = doc.getText('content')
  text.insert(0, 'hello wörld 👋')
  text.format(0, 4, { bold: true })
  text.insertEmbed(2, { image: 'x' })
  text.delete(1, 3)
  const map = doc.getMap('todos')
  map.set('a', new Y.Map([['n', 1]]))
  map.set('a', [1, -2.5, null, undefined, true, 'x', { deep: [10n] }])
  doc.getArray('list').insert(0, [new Y.XmlElement('p'), new Y.Array(), 2 ** 40])
  return doc
}

test('what Yjs writes is well-formed, whole or merged or cut', () => {
  const doc = every()
  const update = Y.encodeStateAsUpdate(doc)
  let length = 0
  inspectUpdate(update, (item) => (length += item.length))
  expect(length).toBeGreaterThan(15)
  const other = every()
  inspectUpdate(Y.mergeUpdates([update, Y.encodeStateAsUpdate(other)]))
  inspectUpdate(Y.diffUpdate(update, Y.encodeStateVectorFromUpdate(Y.mergeUpdates([update]))))
  for (let end = 0; end < update.length; end++) expect(() => inspectUpdate(update.subarray(0, end))).toThrow(BadFrame)
})

test('types stand where the layout of a board has them, however long the chain that leads there', () => {
  const nest = (levels: number) => {
    const doc = new Y.Doc()
    let map = doc.getMap('todos')
    for (let i = 0; i < levels; i++) map = map.set('in', new Y.Map()) as Y.Map<unknown>
    return doc
  }
  const into = new Y.Doc()
  checkContent('board', into, Y.encodeStateAsUpdate(nest(1)))
  expect(() => checkContent('board', into, Y.encodeStateAsUpdate(nest(2)))).toThrow('does not stand there')
  const chain = new Y.Doc()
  for (let i = 0; i < 20_000; i++) chain.getText('draft:python').insert(i % 2, 'x')
  checkContent('board', into, Y.encodeStateAsUpdate(chain))
  chain.getText('draft:python').insertEmbed(15_000, { image: 'x' })
  expect(() => checkContent('board', into, Y.encodeStateAsUpdate(chain))).toThrow('a text holds strings')
})

test('a repeat is one when it says the same, whole or in part, with or without what was removed', () => {
  const doc = new Y.Doc()
  const text = doc.getText('content')
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => void updates.push(update))
  text.insert(0, 'hello \u{1f44b} world')
  const whole = Y.encodeStateAsUpdate(doc)
  text.delete(2, 5)
  text.insert(3, 'and more')
  text.delete(7, 1)
  const other = new Y.Doc()
  Y.applyUpdate(other, whole)
  other.getText('content').insert(1, 'theirs')
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
  for (const update of [...updates, whole, Y.encodeStateAsUpdate(other), Y.encodeStateAsUpdate(doc), Y.mergeUpdates(updates)]) {
    for (const known of [doc, other, new Y.Doc()]) checkRepeats(known, update)
  }
  const forger = Object.assign(new Y.Doc(), { clientID: doc.clientID })
  forger.getText('content').insert(0, 'other')
  expect(() => checkRepeats(doc, Y.encodeStateAsUpdate(forger))).toThrow(ForeignAuthor)
  const elsewhere = Object.assign(new Y.Doc(), { clientID: doc.clientID })
  elsewhere.getText('draft').insert(0, 'hello \u{1f44b} world')
  expect(() => checkRepeats(other, Y.encodeStateAsUpdate(elsewhere))).toThrow(ForeignAuthor)
})

test('an item does not hang in itself or in one that comes after it', () => {
  const forged = Uint8Array.of(1, 1, 7, 0, 132, 7, 0, 1, 120, 0)
  expect(() => Y.applyUpdate(new Y.Doc(), forged)).toThrow(TypeError)
  expect(() => inspectUpdate(forged)).toThrow('comes after it')
})

test('a large update takes several rows and comes back whole; half of one is left out', () => {
  const large = crypto.getRandomValues(new Uint8Array(5_000))
  const small = Uint8Array.of(1, 2, 3)
  const rows = toRows(large, 1_000)
  expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(1_000)
  expect(fromRows([small, ...rows, small]).map((one) => Buffer.from(one))).toEqual([small, large, small].map((one) => Buffer.from(one)))
  expect(fromRows([...rows.slice(0, 2), small])).toEqual([small])
  expect(splitBytes(new Uint8Array(0))).toHaveLength(1)
})

test('what deflates well is stored deflated and comes back as it was', () => {
  const text = new TextEncoder().encode('the tide comes in, the tide goes out. '.repeat(400))
  const [row, ...more] = toRows(text, 1_000)
  expect(more).toEqual([])
  expect(row?.length).toBeLessThan(text.length / 10)
  expect(fromRows(row ? [row] : []).map((one) => Buffer.from(one))).toEqual([Buffer.from(text)])
})

test('a segment keeps places, times and bytes', () => {
  const rows = [
    { seq: 7, at: 1_700_000_000_000, data: Uint8Array.of(1) },
    { seq: 9, at: 1_699_999_999_000, data: Uint8Array.of(2, 3) },
  ]
  expect(decodeSegment(encodeSegment(rows)).map((row) => ({ ...row, data: Uint8Array.from(row.data) }))).toEqual(rows)
})

test('a snapshot is due the later the larger the document', () => {
  expect(snapshotDue({ rows: 999, bytes: 0, snapshotBytes: 0 })).toBe(false)
  expect(snapshotDue({ rows: 1_000, bytes: 0, snapshotBytes: 0 })).toBe(true)
  expect(snapshotDue({ rows: 1_000, bytes: 700_000, snapshotBytes: 50_000_000 })).toBe(false)
})

test('an allowance refills and lends', () => {
  let now = 0
  const bucket = tokenBucket({ burst: 10, perSecond: 5 }, () => now)
  expect(bucket.take(10)).toBe(0)
  expect(bucket.take(5)).toBe(1_000)
  now = 1_000
  expect(bucket.waitFor(5)).toBe(1_000)
  now = 60_000
  expect(bucket.waitFor(10)).toBe(0)
})

test('whoever one says one is, one is who one is', () => {
  const mei = {
    kind: 'person',
    userId: 'usr_01a1fbb9-7150-7061-8ead-f7480f4660b3' as never,
    name: 'Mei',
    admin: false,
    by: 'key',
    credentialId: 'k',
  } as const
  const user = { id: mei.userId, name: 'Mei' }
  expect(stampState('project', mei, { user: { id: 'other', name: 'Ada' }, extra: 1 })).toEqual({ user })
  expect(stampState('file', mei, { user: { name: 'Ada', color: '#fff' }, cursor: 2 })).toEqual({ user: { ...user, color: '#fff' }, cursor: 2 })
  expect(stampState('project', mei, { place: { tab: 'nowhere' } })).toBeUndefined()
  expect(stampState('file', mei, { cursor: 'x'.repeat(5_000) })).toBeUndefined()
})

test('y-websocket frames lose and gain the name, and nothing else passes', () => {
  const { inbound, outbound } = yjsTranslation('board/x')
  const framed = inbound(Uint8Array.of(0, 0, 1, 0))
  expect(framed && outbound(framed)).toEqual(Buffer.from([0, 0, 1, 0]))
  expect(inbound(Uint8Array.of(3))).toBeUndefined()
  expect(() => inbound(Uint8Array.of(5, 0))).toThrow(BadFrame)
})
