import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { Database } from '../db/port.ts'
import { openTestDatabase } from '../testing/database.ts'
import { limits } from './limits.ts'
import { awarenessFrame, closedWith, joinRaw, rawFrame, statelessFrame, syncFrame } from './testing/frames.ts'
import { startRoom, type TestRoom } from './testing/room.ts'

let database: Database
let room: TestRoom
const crashes: unknown[] = []
const crashed = (reason: unknown) => void crashes.push(reason)
beforeAll(async () => {
  process.on('unhandledRejection', crashed)
  database = await openTestDatabase('embedded')
  room = await startRoom(database)
})
afterEach(() => {
  if (crashes.length > 0) throw new Error('a promise was left rejected', { cause: crashes.splice(0) })
})
afterAll(async () => {
  await room.stop()
  await database.close()
  process.off('unhandledRejection', crashed)
})

const update = (change: (doc: Y.Doc) => void) => {
  const doc = new Y.Doc()
  change(doc)
  return Y.encodeStateAsUpdate(doc)
}
const stateOf = async (name: 'board' | 'session') => {
  const opened = await room.sync.documents.open(
    name === 'board' ? { kind: 'board', projectId: room.projectId } : { kind: 'session', sessionId: room.sessionId },
  )
  const json = { todos: opened.doc.getMap('todos').toJSON(), items: opened.doc.getArray('items').toJSON() }
  await opened.close()
  return json
}
/** Answered after everything sent before it was handled. */
const handled = async (ws: WebSocket, received: Buffer[], address: string, mark: number) => {
  ws.send(statelessFrame(address, { type: 'mark', mark }))
  await vi.waitFor(() => expect(received.some((frame) => frame.includes(`"mark":${mark}`))).toBe(true), 5_000)
}

test('a viewer with a hand-written client changes nothing, whichever frame they try', async () => {
  const ws = room.raw('/sync')
  const received = await joinRaw(ws, room.board, room.mei.token)
  const forged = update((doc) => doc.getMap('todos').set('forged', 1))
  for (const type of [0, 4]) for (const step of [1, 2] as const) ws.send(syncFrame(room.board, step, forged, type))
  await handled(ws, received, room.board, 1)
  expect((await stateOf('board')).todos).not.toHaveProperty('forged')

  const session = room.raw('/sync')
  const answers = await joinRaw(session, room.session, room.ada.token)
  session.send(
    syncFrame(
      room.session,
      2,
      update((doc) => doc.getArray('items').push(['forged'])),
    ),
  )
  await handled(session, answers, room.session, 1)
  expect((await stateOf('session')).items).toEqual([])
})

test('a viewer does not become an editor by sending a token again', async () => {
  const ws = room.raw('/sync')
  const received = await joinRaw(ws, room.board, room.mei.token)
  const again = (token: string) =>
    rawFrame(room.board, 2, (encoder) => {
      encoder.cbuf[encoder.cpos++] = 0
      encoder.cbuf[encoder.cpos++] = token.length
      for (const letter of token) encoder.cbuf[encoder.cpos++] = letter.charCodeAt(0)
    })
  ws.send(again(room.mei.token))
  ws.send(
    syncFrame(
      room.board,
      2,
      update((doc) => doc.getMap('todos').set('upgraded', 1)),
    ),
  )
  await handled(ws, received, room.board, 2)
  expect((await stateOf('board')).todos).not.toHaveProperty('upgraded')
  const closed = new Promise<void>((resolve) =>
    ws.on('message', (data: Buffer) => (data.includes('Forbidden') || data.includes('permission-denied') ? resolve() : undefined)),
  )
  ws.send(again(room.ada.token))
  await closed
})

test('nobody appears as somebody else, and everybody disappears when they go', async () => {
  const ada = room.tab(room.ada).open(room.project)
  await ada.synced()
  ada.provider.setAwarenessField('place', { tab: 'files' })
  const mei = room.raw('/sync')
  const received = await joinRaw(mei, room.project, room.mei.token)
  const states = () => ada.provider.awareness?.getStates() ?? new Map<number, unknown>()
  mei.send(
    awarenessFrame(room.project, [
      [77, 1, { user: { id: room.ada.id, name: 'Ada' }, typing: { sessionId: room.sessionId } }],
      [ada.doc.clientID, 1_000, { user: { id: room.mei.id, name: 'Mei was here' } }],
      [78, 1, { user: { id: room.mei.id, name: 'Mei' }, place: { tab: 'no such tab' } }],
      [79, 1, { place: { selection: { anchor: 'x'.repeat(5_000), head: '' } } }],
    ]),
  )
  await ada.until(() => states().has(77), 'Mei to appear')
  await handled(mei, received, room.project, 3)
  expect(states().get(77)).toEqual({ user: { id: room.mei.id, name: 'Mei' }, typing: { sessionId: room.sessionId } })
  const other = room.tab(room.ada).open(room.project)
  await other.synced()
  other.provider.awareness?.setLocalState(null)
  await vi.waitFor(() =>
    expect(other.provider.awareness?.getStates().get(ada.doc.clientID)).toEqual({ user: { id: room.ada.id, name: 'Ada' }, place: { tab: 'files' } }),
  )
  await ada.until(() => !states().has(other.doc.clientID))
  expect(new Set(states().keys())).toEqual(new Set([77, ada.doc.clientID]))

  mei.send(
    awarenessFrame(room.project, [
      [ada.doc.clientID, 1_001, null],
      [77, 2, null],
    ]),
  )
  await ada.until(() => !states().has(77), 'Mei to leave')
  expect(states().has(ada.doc.clientID)).toBe(true)
  mei.send(awarenessFrame(room.project, [[77, 3, {}]]))
  await ada.until(() => states().has(77), 'Mei to come back')
  mei.terminate()
  await ada.until(() => !states().has(77), 'Mei to be gone')
})

test('one bad frame closes one socket with 4400 and nobody else notices', async () => {
  const ada = room.tab(room.ada).open(room.board)
  await ada.synced()
  const bad = [
    Uint8Array.of(1),
    rawFrame(room.board, 6),
    rawFrame(room.board, 99),
    syncFrame(room.board, 2, Uint8Array.of(1, 255, 255, 255, 14, 1, 0, 0, 0, 0, 0, 0)),
    // An item that hangs in itself: Yjs would end in the middle.
    syncFrame(room.board, 2, Uint8Array.of(1, 1, 7, 0, 132, 7, 0, 1, 120, 0)),
    syncFrame(room.board, 0, Uint8Array.of(255, 255, 255, 1)),
    syncFrame(
      room.board,
      2,
      update((doc) => doc.getMap('todos').set('sub', new Y.Doc())),
    ),
    syncFrame(
      room.board,
      2,
      update((doc) => doc.getArray('todos').push([1])),
    ),
    syncFrame(
      room.board,
      2,
      update((doc) => {
        let map = doc.getMap('todos')
        for (let i = 0; i < 40; i++) map = map.set('in', new Y.Map()) as Y.Map<unknown>
      }),
    ),
    awarenessFrame(room.board, [[1, 1, 'text']]),
    statelessFrame(room.board, 'not json'),
    statelessFrame(room.board, { type: 'mark', mark: -1 }),
  ]
  for (const [index, frame] of bad.entries()) {
    const ws = room.raw('/sync')
    await joinRaw(ws, room.board, room.ada.token)
    const code = closedWith(ws)
    ws.send(frame)
    expect([index, await code]).toEqual([index, 4400])
  }
  const large = room.raw('/sync')
  await joinRaw(large, room.board, room.ada.token)
  const code = closedWith(large)
  large.send(new Uint8Array(limits.frameBytes + 1))
  expect(await code).toBe(4413)
  await ada.marked()
  expect(ada.provider.isAuthenticated && (await stateOf('board')).todos).not.toHaveProperty('sub')
})

test('a mark waits for an edit whose predecessor is missing, and the sender is asked for it', async () => {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (one: Uint8Array) => void updates.push(one))
  doc.getText('draft:python').insert(0, 'first ')
  doc.getText('draft:python').insert(6, 'second')
  const ws = room.raw('/sync')
  const received = await joinRaw(ws, room.board, room.ada.token)
  const [, second] = updates
  if (second) ws.send(syncFrame(room.board, 2, second))
  ws.send(statelessFrame(room.board, { type: 'mark', mark: 9 }))
  const asks = () => received.filter((frame) => frame.subarray(room.board.length + 1, room.board.length + 3).equals(Buffer.from([0, 0]))).length
  await vi.waitFor(() => expect(asks()).toBe(2))
  expect(received.some((frame) => frame.includes('"marked"'))).toBe(false)
  ws.send(syncFrame(room.board, 1, Y.encodeStateAsUpdate(doc)))
  await vi.waitFor(() => expect(received.some((frame) => frame.includes('"mark":9'))).toBe(true))
  const opened = await room.sync.documents.open({ kind: 'board', projectId: room.projectId })
  expect(opened.doc.getText('draft:python').toJSON()).toBe('first second')
  await opened.close()
})

test('a full document refuses an edit aloud and keeps what it has', async () => {
  const name = `file/${room.projectId}/full.txt`
  const ada = room.tab(room.ada).open(name)
  await ada.synced()
  for (let i = 0; i < 9; i++) {
    ada.doc.getText('content').insert(0, 'x'.repeat(1_000_000))
    if (i < 7) await ada.marked()
  }
  await ada.until(() => ada.heard.some((message) => message.type === 'refused'), 'the refusal')
  const opened = await room.sync.documents.open({ kind: 'file', projectId: room.projectId, path: 'full.txt' as never })
  expect(opened.doc.getText('content').length).toBe(8_000_000)
  await opened.close()
})

test('asking again and again for a large document is answered slowly, and stalls nobody else', async () => {
  const name = `file/${room.projectId}/large.txt`
  const ada = room.tab(room.ada).open(name)
  await ada.synced()
  for (let i = 0; i < 7; i++) {
    ada.doc.getText('content').insert(0, 'y'.repeat(1_000_000))
    await ada.marked()
  }
  const delay = monitorEventLoopDelay({ resolution: 10 })
  const ws = room.raw('/sync')
  const received = await joinRaw(ws, name, room.mei.token)
  delay.enable()
  for (let i = 0; i < 50; i++) ws.send(syncFrame(name, 0, Uint8Array.of(0)))
  const answers = () => received.filter((frame) => frame.length > 1_000_000).length
  await vi.waitFor(() => expect(answers()).toBeGreaterThan(3), 20_000)
  for (let i = 0; i < 20; i++) await ada.marked()
  delay.disable()
  expect(delay.max / 1e6).toBeLessThan(10_000)
  expect(answers()).toBeLessThan(10)
})

test('a reader who takes nothing is let go, and what was queued for them with it', async () => {
  room.roles.set(room.tomas.id, 'viewer')
  const slow = room.raw('/sync')
  await joinRaw(slow, room.session, room.tomas.token)
  slow.pause()
  const opened = await room.sync.documents.open({ kind: 'session', sessionId: room.sessionId })
  const before = room.sync.documents.peopleIn(room.projectId)
  expect(before).toContain(room.tomas.id)
  let at = 0
  await vi.waitFor(
    () => {
      opened.transact((doc) => doc.getMap('meta').set('filler', 'z'.repeat(500_000) + at++))
      expect(room.sync.documents.peopleIn(room.projectId)).not.toContain(room.tomas.id)
    },
    { timeout: 20_000, interval: 5 },
  )
  expect(at * 500_000).toBeLessThan(3 * limits.unsent.hard)
  await opened.close()
})

test('fifty documents and thousands of quick edits are nothing unusual', async () => {
  const tab = room.tab(room.ada)
  const documents = Array.from({ length: 50 }, (_, index) => tab.open(`file/${room.projectId}/many/${index}.txt`))
  await Promise.all(documents.map((document) => document.synced()))
  const [first] = documents
  for (let i = 0; i < 6_000; i++) first?.doc.getText('content').insert(i, 'k')
  await first?.marked()
  const reader = room.tab(room.mei, { by: 'token' }).open(`file/${room.projectId}/many/0.txt`)
  await reader.synced()
  expect(reader.doc.getText('content').length).toBe(6_000)
})

test('a change that throws leaves nothing behind', async () => {
  const opened = await room.sync.documents.open({ kind: 'project', projectId: room.projectId })
  opened.transact((doc) => doc.getMap('x').set('kept', 1))
  expect(() =>
    opened.transact((doc) => {
      doc.getMap('x').set('kept', 2)
      doc.getArray('y').push(['half'])
      throw new Error('no')
    }),
  ).toThrow('no')
  expect([opened.doc.getMap('x').toJSON(), opened.doc.getArray('y').toJSON()]).toEqual([{ kept: 1 }, []])
  await opened.close()
})
