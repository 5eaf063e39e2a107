import { Hocuspocus, Server } from '@hocuspocus/server'
import { afterEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { Database } from '../db/port.ts'
import { openTestDatabase } from '../testing/database.ts'
import { limits } from './limits.ts'
import { loadDocument } from './load.ts'
import { startBare as onSockets } from './testing/bare.ts'
import { closedWith, joinRaw, statelessFrame, syncFrame } from './testing/frames.ts'
import { startRoom } from './testing/room.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step()
})

async function startBare(server: Hocuspocus) {
  const bare = await onSockets(server)
  cleanUp.push(bare.stop)
  return bare
}

async function startOurs(options: { lingerMs?: number; wrap?: (database: Database) => Database } = {}) {
  const database = await openTestDatabase('embedded')
  const room = await startRoom((options.wrap ?? ((same) => same))(database), undefined, options)
  cleanUp.push(() => database.close(), room.stop)
  return { ...room, database, name: { kind: 'board', projectId: room.projectId } as const }
}

const megabytes = 4
/** Values under many keys, each within its bound. */
const fill = (doc: Y.Doc) => {
  for (let i = 0; i < megabytes * 20; i++) doc.getMap('fill').set(`${i}`, 'z'.repeat(50_000))
}
const requests = 40
const ask = (ws: WebSocket, name: string) => {
  for (let i = 0; i < requests; i++) ws.send(syncFrame(name, 0, Uint8Array.of(0)))
}

test('bare, a few bytes ask for a large document again and again and get it; ours lets them pay for it', async () => {
  const bare = new Hocuspocus({ quiet: true })
  const direct = await bare.openDirectConnection('x')
  await direct.transact(fill)
  const { join } = await startBare(bare)
  const reader = await join('x')
  const large = (received: Buffer[]) => received.filter((frame) => frame.length > megabytes * 900_000).length
  ask(reader.ws, 'x')
  await vi.waitFor(() => expect(large(reader.received)).toBeGreaterThanOrEqual(requests), 30_000)

  const room = await startOurs()
  const name = `file/${room.projectId}/large.txt`
  const opened = await room.sync.documents.open({ kind: 'file', projectId: room.projectId, path: 'large.txt' as never })
  opened.transact(fill)
  await opened.flushed()
  await opened.close()
  const ws = room.raw('/sync')
  const received = await joinRaw(ws, name, room.mei.token)
  const ada = room.tab(room.ada).open(room.board)
  await ada.synced()
  ask(ws, name)
  await vi.waitFor(() => expect(large(received)).toBeGreaterThan(1), 20_000)
  for (let i = 0; i < 10; i++) await ada.marked()
  // A socket's allowance, and not what was asked for.
  expect(large(received)).toBeLessThan(requests / 2)
})

test('bare, everything is queued for a reader who takes nothing; ours closes them with 4408', async () => {
  const chunk = 'z'.repeat(500_000)
  const enough = limits.unsent.hard * 2
  const bare = new Hocuspocus({ quiet: true })
  const direct = await bare.openDirectConnection('x')
  const { join, accepted } = await startBare(bare)
  const stalled = await join('x')
  stalled.ws.pause()
  for (let sent = 0; sent < enough; sent += chunk.length) await direct.transact((doc) => doc.getMap('m').set('k', chunk + sent))
  await vi.waitFor(() => expect(accepted[0]?.bufferedAmount).toBeGreaterThan(limits.unsent.hard))
  expect(accepted[0]?.readyState).toBe(WebSocket.OPEN)

  const room = await startOurs()
  const ws = room.raw('/sync')
  await joinRaw(ws, room.session, room.ada.token)
  ws.pause()
  const session = await room.sync.documents.open({ kind: 'session', sessionId: room.sessionId })
  for (let sent = 0; sent < enough && room.sync.documents.peopleIn(room.projectId).length > 0; sent += chunk.length) {
    session.transact((doc) => doc.getMap('m').set('k', chunk + sent))
    await new Promise((resolve) => setImmediate(resolve))
  }
  await vi.waitFor(() => expect(room.sync.documents.peopleIn(room.projectId)).toEqual([]))
  const code = closedWith(ws)
  ws.resume()
  // The reason arrives when they read on at once; whoever does not is cut off.
  expect([4408, 1006]).toContain(await code)
  await session.close()
})

test('bare, a frame of many megabytes is taken; ours closes with 4413, read or not', async () => {
  const bare = new Hocuspocus({ quiet: true })
  const { join, accepted } = await startBare(bare)
  const sender = await join('x')
  const read = new Promise<number>((resolve) => accepted[0]?.on('message', (data: Buffer) => resolve(data.length)))
  const huge = statelessFrame('x', 'z'.repeat(30_000_000))
  sender.ws.send(huge)
  expect(await read).toBe(huge.length)
  expect(sender.ws.readyState).toBe(WebSocket.OPEN)

  const room = await startOurs()
  for (const size of [limits.frameBytes + 1, limits.readBytes + 1]) {
    const ws = room.raw('/sync')
    await joinRaw(ws, room.board, room.ada.token)
    const closed = closedWith(ws)
    ws.send(huge.subarray(0, size))
    expect(await closed).toBe(4413)
  }
})

test('bare, destroying waits for ever for a document the server holds; ours stops', async () => {
  const bare = new Server({ quiet: true, port: 0, address: '127.0.0.1', stopOnSignals: false })
  await bare.listen()
  const direct = await bare.hocuspocus.openDirectConnection('x')
  let destroyed = false
  const destroying = bare.destroy().then(() => (destroyed = true))

  const room = await startOurs()
  const opened = await room.sync.documents.open(room.name)
  opened.transact((doc) => doc.getMap('todos').set('a', 1))
  await room.sync.stop()
  expect(room.sync.documents.isLoaded(room.name)).toBe(false)
  expect(() => opened.transact(() => undefined)).toThrow('closed')
  const kept = new Y.Doc()
  await loadDocument(room.database, room.board, kept)
  expect(kept.getMap('todos').toJSON()).toEqual({ a: 1 })
  expect(destroyed).toBe(false)
  await direct.disconnect()
  await destroying
})

test('bare, a store that fails loses the document with its last reader; ours keeps it until the database is back', async () => {
  let down = false
  const bare = new Hocuspocus({
    quiet: true,
    debounce: 0,
    async onStoreDocument() {
      throw new Error('the database is down')
    },
  })
  const complain = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const { join } = await startBare(bare)
  const reader = await join('x')
  const doc = new Y.Doc()
  doc.getMap('m').set('a', 1)
  reader.ws.send(syncFrame('x', 2, Y.encodeStateAsUpdate(doc)))
  await vi.waitFor(() => expect(complain).toHaveBeenCalled())
  reader.ws.close()
  await vi.waitFor(() => expect(bare.documents.has('x')).toBe(false))
  const again = await bare.openDirectConnection('x')
  expect(again.document?.getMap('m').toJSON()).toEqual({})
  await again.disconnect()
  complain.mockRestore()

  let refusals = 0
  const room = await startOurs({
    lingerMs: 0,
    wrap: (database) => ({
      ...database,
      async rows(query, on) {
        if (!down) return database.rows(query, on)
        refusals++
        throw new Error('the database is down')
      },
    }),
  })
  const tab = room.tab(room.ada)
  const board = tab.open(room.board)
  const idle = tab.open(`file/${room.projectId}/idle.txt`)
  await Promise.all([board.synced(), idle.synced()])
  down = true
  board.doc.getMap('todos').set('a', 1)
  await vi.waitFor(() => expect(refusals).toBeGreaterThan(1), 5_000)
  tab.socket.destroy()
  // The one with nothing to save goes as soon as nobody uses it: the other's time is over too.
  const idleName = { kind: 'file', projectId: room.projectId, path: 'idle.txt' as never } as const
  await vi.waitFor(() => expect(room.sync.documents.isLoaded(idleName)).toBe(false), 10_000)
  expect(room.sync.documents.isLoaded(room.name)).toBe(true)
  down = false
  await vi.waitFor(() => expect(room.sync.documents.isLoaded(room.name)).toBe(false), 20_000)
  const kept = new Y.Doc()
  await loadDocument(room.database, room.board, kept)
  expect(kept.getMap('todos').toJSON()).toEqual({ a: 1 })
})

test('bare, whoever opens a document while it unloads writes to one that is gone; ours gets one that lasts', async () => {
  let release = () => undefined as void
  const held = new Promise<void>((resolve) => (release = resolve))
  const bare = new Hocuspocus({ quiet: true, beforeUnloadDocument: () => held })
  const first = await bare.openDirectConnection('x')
  const leaving = first.disconnect()
  await vi.waitFor(() => expect(bare.unloadingDocuments.has('x')).toBe(true))
  const joining = bare.createDocument('x', new Request('http://bare'), 's', { readOnly: false, isAuthenticated: true })
  release()
  await leaving
  const gone = await joining
  gone.getMap('m').set('a', 1)
  expect([gone.isDestroyed, bare.documents.has('x')]).toEqual([true, false])

  // Unloaded at once and opened again, over and over, by the server and by people.
  const room = await startOurs({ lingerMs: 0 })
  const sweeps = 3
  let written = 0
  let unloads = 0
  while (unloads < sweeps) {
    const tab = room.tab(room.ada)
    const board = tab.open(room.board)
    const [opened] = await Promise.all([room.sync.documents.open(room.name), board.synced()])
    opened.transact((doc) => doc.getMap('todos').set(`server ${written}`, 1))
    board.doc.getMap('todos').set(`tab ${written++}`, 1)
    await Promise.all([opened.flushed(), board.marked()])
    await opened.close()
    tab.socket.destroy()
    // Half of the times it goes before the next comes, half of the times they meet.
    if (written % 2 === 0) continue
    await vi.waitFor(() => expect(room.sync.documents.isLoaded(room.name)).toBe(false), 10_000)
    unloads++
  }
  const kept = new Y.Doc()
  await loadDocument(room.database, room.board, kept)
  expect(kept.getMap('todos').size).toBe(written * 2)
})
