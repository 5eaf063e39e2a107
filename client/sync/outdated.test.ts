import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { newId } from '#shared/base/new-id.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import { protocolVersion } from '#shared/wire/protocol.ts'
import { memoryOfflineStore } from '../offline/testing/memory-offline-store.ts'
import { SyncedDocument } from './sync-document.ts'
import { createTabSocket } from './tab-socket.ts'

/** A server that serves no page of this version any more. */
let server: WebSocketServer
const asked: string[] = []
beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (ws, request) => {
    asked.push(request.url ?? '')
    ws.close(closeCodes.outdated.code, closeCodes.outdated.reason)
  })
  await new Promise((resolve) => server.once('listening', resolve))
})
afterAll(() => server.close())

test('an outdated page is told once, comes no more, and keeps what it made', async () => {
  const told = vi.fn<() => void>()
  const tab = createTabSocket({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/sync`,
    onChange: () => {},
    onLost: () => {},
    onSignedOut: () => expect.fail('nobody is signed out'),
    onOutdated: told,
    waitsFor: () => 'edits',
  })
  const disk = memoryOfflineStore()
  const name = `board/${newId('prj')}`
  const document = new SyncedDocument({
    name,
    socket: tab.forDocument(name),
    offlineStore: Promise.resolve(disk.offlineStore),
    onChange: () => {},
    onSignedOut: () => {},
    onUnmerged: () => expect.fail('nothing stands aside'),
    onRefused: () => expect.fail('nothing is refused'),
  })
  document.state.get().doc.getMap('todos').set('before', 1)
  await vi.waitFor(() => expect(told).toHaveBeenCalled())
  document.state.get().doc.getMap('todos').set('after', 1)
  expect(tab.connection()).toBe('outdated')
  tab.tryNow()
  expect(tab.forDocument(name).shouldConnect).toBe(false)
  expect(asked).toEqual([`/sync?v=${protocolVersion}&project=${name.slice('board/'.length)}`])
  expect(told).toHaveBeenCalledOnce()
  expect(tab.connection()).toBe('outdated')
  expect(document.unsaved()).toBe(2)
  await vi.waitFor(() => expect(document.atRisk()).toBe(0))
  expect((await disk.offlineStore.load(name))?.edits).toHaveLength(2)
  document.destroy()
  tab.stop()
})
