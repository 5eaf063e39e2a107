import { once } from 'node:events'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { maxUpdateBytes } from '#shared/wire/bounds.ts'
import type { Database } from '../db/port.ts'
import { openTestDatabase } from '../testing/database.ts'
import { messageType, syncStep } from './frames.ts'
import { limits } from './limits.ts'
import { joinRaw, statelessFrame, syncFrame } from './testing/frames.ts'
import { startRoom, type TestRoom } from './testing/room.ts'

let database: Database
let room: TestRoom
beforeAll(async () => {
  database = await openTestDatabase('embedded')
  room = await startRoom(database)
})
afterAll(async () => {
  await room.stop()
  await database.close()
})

const pasted = 'A line that somebody pasted.\n'.repeat(80_000)
const fileOf = (path: string) => `file/${room.projectId}/${path}`
const textOf = async (name: string) => {
  const reader = room.tab(room.mei).open(name)
  await reader.synced()
  return reader.doc.getText(name.startsWith('file/') ? 'content' : 'draft:python').toJSON()
}

test.for(['a file', 'a draft'])('one paste of 2.3 MB into %s is refused for that document alone', async (kind) => {
  expect(pasted.length).toBeGreaterThan(maxUpdateBytes)
  const name = kind === 'a file' ? fileOf('pasted.txt') : room.board
  const tab = room.tab(room.ada)
  const [other, open] = [tab.open(fileOf(`beside ${kind}.txt`)), tab.open(name)]
  const text = open.doc.getText(kind === 'a file' ? 'content' : 'draft:python')
  await Promise.all([open.synced(), other.synced()])
  const disconnected = vi.fn<() => void>()
  tab.socket.on('disconnect', disconnected)

  text.insert(0, 'before ')
  await open.marked()
  other.doc.getText('content').insert(0, 'first ')
  text.insert(0, pasted)
  other.doc.getText('content').insert(6, 'second')
  await open.until(() => open.heard.some((message) => message.type === 'refused' && message.code === 'too_large'), 'the refusal')
  await open.until(() => open.closed.length > 0, 'the end of the document')
  await other.marked()
  expect(disconnected).not.toHaveBeenCalled()
  expect([await textOf(name), await textOf(fileOf(`beside ${kind}.txt`))]).toEqual(['before ', 'first second'])

  // Whoever begins again with what the server has goes on, on the same socket.
  open.provider.destroy()
  const again = tab.open(name)
  await again.synced()
  again.doc.getText(kind === 'a file' ? 'content' : 'draft:python').insert(0, 'after ')
  await again.marked()
  expect(await textOf(name)).toBe('after before ')
  expect(disconnected).not.toHaveBeenCalled()
})

test('what grew too large without a connection is refused on coming back, and takes no other document along', async () => {
  const doc = new Y.Doc()
  for (let i = 0; i < 3; i++) doc.getText('content').insert(0, 'x'.repeat(1_000_000))
  const tab = room.tab(room.ada)
  const other = tab.open(fileOf('quiet.txt'))
  const grown = tab.open(fileOf('grown.txt'), doc)
  await other.synced()
  await grown.until(() => grown.heard.some(({ type }) => type === 'refused'), 'the refusal')
  other.doc.getText('content').insert(0, 'there')
  await other.marked()
  expect([other.closed, tab.socket.status]).toEqual([[], 'connected'])
  expect(await textOf(fileOf('grown.txt'))).toBe('')
})

test('a value that is too large for its document is refused for that document alone', async () => {
  const ws = room.raw('/sync')
  const received = await joinRaw(ws, room.board, room.ada.token)
  await joinRaw(ws, fileOf('values.txt'), room.ada.token)
  const doc = new Y.Doc()
  doc.getMap('todos').set('big', 'x'.repeat(limits.valueBytes + 1))
  ws.send(syncFrame(room.board, 2, Y.encodeStateAsUpdate(doc)))
  ws.send(statelessFrame(fileOf('values.txt'), { type: 'mark', mark: 7 }))
  for (const told of ['"mark":7', '"too_large"']) await vi.waitFor(() => expect(received.some((frame) => frame.includes(told))).toBe(true), 10_000)
  expect(ws.readyState).toBe(ws.OPEN)
})

test('a plain client of one document is closed with 4413 and words, whatever the size, and joins again with what the server has', async () => {
  const path = `/yjs/${encodeURI(fileOf('plain.txt'))}`
  const doc = new Y.Doc()
  doc.getText('content').insert(0, 'y'.repeat(2_200_000))
  for (const payload of [Y.encodeStateAsUpdate(doc), new Uint8Array(limits.readBytes + 1)]) {
    const ws = room.raw(path, { authorization: `Bearer ${room.ada.token}`, cookie: room.ada.cookie })
    ws.on('error', () => undefined)
    await once(ws, 'message')
    const closed = once(ws, 'close')
    ws.send(update(payload))
    const [code, reason] = (await closed) as [number, Buffer]
    expect([code, reason.toString()]).toEqual([4413, 'frame too large'])
  }
  const ws = room.raw(path, { cookie: room.ada.cookie })
  const answered = new Promise<string>((resolve) =>
    ws.on('message', (data: Buffer) => {
      const decoder = decoding.createDecoder(new Uint8Array(data))
      if (decoding.readVarUint(decoder) !== messageType.sync || decoding.readVarUint(decoder) !== syncStep.step2) return
      const level = new Y.Doc()
      Y.applyUpdate(level, decoding.readVarUint8Array(decoder))
      resolve(level.getText('content').toJSON())
    }),
  )
  await once(ws, 'open')
  ws.send(Uint8Array.of(messageType.sync, syncStep.step1, 1, 0))
  expect(await answered).toBe('')
})

const update = (payload: Uint8Array) =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, messageType.sync)
    encoding.writeVarUint(encoder, syncStep.update)
    encoding.writeVarUint8Array(encoder, payload)
  })
