import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { Server, type Connection } from '@hocuspocus/server'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { newId } from '#shared/base/new-id.ts'
import { maxUpdateBytes } from '#shared/wire/bounds.ts'
import type { UnmergedEdit } from '../offline/offline-store.ts'
import { SyncedDocument } from './sync-document.ts'
import { memoryOfflineStore } from '../offline/testing/memory-offline-store.ts'

/** What the server here takes of a document altogether, in letters. */
const full = 3_000_000
const pasted = 'A line that somebody pasted.\n'.repeat(80_000)

const sizes: number[] = []
const server = new Server({
  quiet: true,
  port: 0,
  address: '127.0.0.1',
  stopOnSignals: false,
  async beforeHandleMessage({ document, connection, update }) {
    sizes.push(update.length)
    if (document.getText('content').length + update.length > full) refuse(connection)
  },
  async onStateless({ connection, payload }) {
    connection.sendStateless(JSON.stringify({ type: 'marked', mark: (JSON.parse(payload) as { mark: number }).mark, seq: 1 }))
  },
})

/** As the server does it: the edit is not taken, its sender is told, and the document ends on that socket. */
function refuse(connection: Connection) {
  connection.sendStateless(JSON.stringify({ type: 'refused', code: 'too_large', message: 'no' }))
  connection.readOnly = true
  connection.close({ code: 4413, reason: 'frame too large' })
}

beforeAll(() => server.listen())
/** Nothing is stored here: a document lasts as long as somebody has it. */
const hold = (name: string) => server.hocuspocus.openDirectConnection(name)
afterAll(() => server.destroy())

const project = newId('prj')
const nameOf = { file: (path: string) => `file/${project}/${path}`, board: (of = project) => `board/${of}` }

/** One tab: a socket, what its browser keeps, and what stood aside in it. */
function tab(disk = memoryOfflineStore()) {
  const socket = new HocuspocusProviderWebsocket({ url: server.webSocketURL, WebSocketPolyfill: WebSocket })
  const unmerged: UnmergedEdit[] = []
  const opened: SyncedDocument[] = []
  const drops = vi.fn<() => void>()
  socket.on('disconnect', () => {
    drops()
    for (const one of opened) one.lost()
  })
  const open = (name: string) => {
    const document = new SyncedDocument({
      name,
      socket,
      offlineStore: Promise.resolve(disk.offlineStore),
      onChange: () => {},
      onSignedOut: () => {},
      onUnmerged: (edit) => unmerged.push(edit),
    })
    opened.push(document)
    return {
      document,
      text: () => document.state.get().doc.getText('content'),
      status: (status: string) => vi.waitFor(() => expect(document.state.get()).toMatchObject({ status, access: 'write' }), 20_000),
      saved: () => vi.waitFor(() => expect(document.unsaved()).toBe(0), 20_000),
    }
  }
  const close = () => {
    for (const one of opened) one.destroy()
    socket.destroy()
  }
  return { socket, disk, unmerged, drops, open, close }
}

const onServer = (name: string) => server.hocuspocus.documents.get(name)?.getText('content').toJSON()
const contentOf = (update: Uint8Array) => {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, update)
  return doc.getText('content').toJSON()
}

test.for([nameOf.file('pasted.txt'), nameOf.board()])('one paste of 2.3 MB into %s goes back, stands aside, and is never sent', async (name) => {
  const { disk, unmerged, drops, open, close } = tab()
  const [document, beside] = [open(name), open(nameOf.file('beside.txt'))]
  await Promise.all([document.status('ready'), beside.status('ready')])
  document.text().insert(0, 'before ')
  document.text().insert(7, pasted)
  document.text().insert(0, 'and after it, in the same turn ')
  beside.text().insert(0, 'beside')
  await vi.waitFor(() => expect(unmerged).toHaveLength(1))
  expect(unmerged[0]).toMatchObject({ name, large: true, edits: 1 })
  expect(contentOf(unmerged[0]!.mine)).toContain(pasted)

  await document.status('ready')
  expect(document.text().toJSON()).toBe('before ')
  document.text().insert(7, 'after')
  await Promise.all([document.saved(), beside.saved()])
  expect([onServer(name), onServer(nameOf.file('beside.txt'))]).toEqual(['before after', 'beside'])
  expect(Math.max(...sizes)).toBeLessThan(maxUpdateBytes)
  expect(drops).not.toHaveBeenCalled()
  close()

  const later = tab(disk)
  const again = later.open(name)
  await again.status('ready')
  expect([again.text().toJSON(), later.unmerged]).toEqual(['before after', []])
  later.close()
})

test('without a connection the document goes back to what it was with all that waits, which is sent later', async () => {
  const name = nameOf.file('offline.txt')
  const { socket, disk, unmerged, drops, open, close } = tab()
  const document = open(name)
  await document.status('ready')
  await vi.waitFor(() => expect(disk.states.has(name)).toBe(true))
  socket.disconnect()
  await vi.waitFor(() => expect(drops).toHaveBeenCalled())
  document.text().insert(0, 'small')
  document.text().insert(0, pasted)
  await document.status('kept')
  expect([document.text().toJSON(), document.document.unsaved(), unmerged.length]).toEqual(['small', 1, 1])
  close()

  const later = tab(disk)
  const again = later.open(name)
  await again.status('ready')
  await again.saved()
  expect(onServer(name)).toBe('small')
  later.close()
})

test('edits that are too large only together, or were kept long ago, stand aside before they are sent', async () => {
  const name = nameOf.file('pieces.txt')
  const held = await hold(name)
  const first = tab()
  const document = first.open(name)
  await document.status('ready')
  document.text().insert(0, 'base')
  await document.saved()
  first.socket.disconnect()
  await vi.waitFor(() => expect(first.drops).toHaveBeenCalled())
  for (let i = 0; i < 3; i++) document.text().insert(0, 'z'.repeat(1_000_000))
  first.close()
  await vi.waitFor(() => expect([...first.disk.edits.values()].filter(({ durable }) => !durable)).toHaveLength(3))

  const later = tab(first.disk)
  const again = later.open(name)
  await vi.waitFor(() => expect(later.unmerged).toHaveLength(1), 20_000)
  await again.status('ready')
  expect([again.text().toJSON(), onServer(name)]).toEqual(['base', 'base'])
  expect([Math.max(...sizes) < maxUpdateBytes, later.drops.mock.calls, [...first.disk.edits.values()]]).toEqual([true, [], []])
  later.close()
  await held.disconnect()
})

test.for([nameOf.file('full.txt'), nameOf.board(newId('prj'))])(
  '%s is full: what the server refuses stands aside and does not come again',
  async (name) => {
    const held = await hold(name)
    const { unmerged, drops, open, close } = tab()
    const document = open(name)
    await document.status('ready')
    for (let i = 0; i < 2; i++) {
      document.text().insert(0, String(i).repeat(1_400_000))
      await document.saved()
    }
    document.text().insert(0, 'x'.repeat(1_400_000))
    await vi.waitFor(() => expect(unmerged).toHaveLength(1), 20_000)
    await document.status('ready')
    await vi.waitFor(() => expect(document.text()).toHaveLength(2_800_000), 20_000)
    document.text().insert(0, 'goes on')
    await document.saved()
    expect(onServer(name)?.slice(0, 8)).toBe('goes on1')
    expect([unmerged.length, drops.mock.calls]).toEqual([1, []])
    close()
    await held.disconnect()
  },
)
