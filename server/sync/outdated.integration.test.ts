import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as Y from 'yjs'
import { closeCodes } from '#shared/wire/close-codes.ts'
import { oldestVersion, protocolVersion } from '#shared/wire/protocol.ts'
import type { Database } from '../db/port.ts'
import { openTestDatabase } from '../testing/database.ts'
import { openDocument, startRoom, type TestRoom, withHeaders } from './testing/room.ts'

let database: Database
let room: TestRoom
const sockets: HocuspocusProviderWebsocket[] = []
beforeAll(async () => {
  database = await openTestDatabase('embedded')
  room = await startRoom(database)
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await room.stop()
  await database.close()
})

/** Ada's page of this version. `closed`: why its socket was closed, each time. */
function page(version: number) {
  const socket = new HocuspocusProviderWebsocket({
    url: `${room.url}/sync?v=${version}`,
    WebSocketPolyfill: withHeaders({ cookie: room.ada.cookie }),
  })
  sockets.push(socket)
  const { promise, resolve } = Promise.withResolvers<{ code: number; reason: string }>()
  socket.on('close', ({ event }: { event: { code: number; reason: string } }) => resolve({ code: event.code, reason: event.reason }))
  return { socket, closed: promise, open: (doc: Y.Doc) => openDocument(socket, room.board, doc, '') }
}

test('an outdated page is refused with its own code, and what it made is there after the reload', async () => {
  const doc = new Y.Doc()
  doc.getMap('todos').set('before', 1)
  const old = page(oldestVersion - 1)
  const refused = old.open(doc)
  expect(await old.closed).toEqual(closeCodes.outdated)
  old.socket.disconnect()
  // It may be edited on meanwhile, and nothing of it was refused for good.
  doc.getMap('todos').set('after', 1)
  expect([refused.refusals, refused.provider.unsyncedChanges > 0]).toEqual([[], true])
  const kept = Y.encodeStateAsUpdate(doc)
  refused.provider.destroy()

  const reloaded = new Y.Doc()
  Y.applyUpdate(reloaded, kept)
  const fresh = page(protocolVersion).open(reloaded)
  await fresh.synced()
  await fresh.marked()
  const mei = room.tab(room.mei).open(room.board)
  await mei.synced()
  expect(mei.doc.getMap('todos').toJSON()).toEqual({ before: 1, after: 1 })
})

test('a plain Yjs client and a script say no version, and are served', async () => {
  const script = room.tab(room.ada, { by: 'token' }).open(room.board)
  await script.synced()
  const plain = room.raw(`/yjs/${room.board}?token=${room.ada.token}`)
  const heard = new Promise((resolve) => {
    plain.once('message', () => resolve('a message'))
    plain.once('close', resolve)
  })
  expect(await heard).toBe('a message')
})
