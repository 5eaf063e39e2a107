import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebsocketProvider } from 'y-websocket'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { Database } from '../db/port.ts'
import { openTestDatabase } from '../testing/database.ts'
import { deleteLog } from './log-store.ts'
import { startRoom, type TestRoom } from './testing/room.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

describeOnDatabases('documents on %s', (kind) => {
  let database: Database
  let room: TestRoom
  beforeEach(async () => {
    database = await openTestDatabase(kind)
    room = await startRoom(database)
  })
  afterEach(async () => {
    await room.stop()
    await database.close()
  })

  test('two people and a script edit one board over one socket each, and it is there after a restart', async () => {
    room.roles.set(room.mei.id, 'editor')
    const ada = room.tab(room.ada).open(room.board)
    const mei = room.tab(room.mei, { by: 'token' }).open(room.board)
    await Promise.all([ada.synced(), mei.synced()])
    ada.doc.getMap('todos').set('a', 'plan')
    mei.doc.getMap('todos').set('m', 'build')
    await ada.until(() => ada.doc.getMap('todos').has('m'))
    await mei.until(() => mei.doc.getMap('todos').has('a'))
    await Promise.all([ada.marked(), mei.marked()])
    await room.stop()

    room = await startRoom(database, room, { projectId: room.projectId })
    const again = room.tab(room.ada).open(room.board)
    await again.synced()
    expect(again.doc.getMap('todos').toJSON()).toEqual({ a: 'plan', m: 'build' })
  })

  test('all documents of a room go over one socket, and whoever is no member is told nothing', async () => {
    const tab = room.tab(room.ada)
    const documents = [room.board, room.project, room.session, `file/${room.projectId}/src/app.ts`].map((name) => tab.open(name))
    await Promise.all(documents.map((document) => document.synced()))
    expect(documents.map((document) => document.provider.authorizedScope)).toEqual(['read-write', 'readonly', 'readonly', 'read-write'])
    const stranger = room.tab(room.tomas)
    const reasons = await Promise.all(
      [room.board, room.session, `board/${room.projectId.replace(/.$/, (last) => (last === 'f' ? '0' : 'f'))}`, 'nonsense'].map(async (name) => {
        const document = stranger.open(name)
        await document.until(() => document.refused() !== undefined, 'a refusal')
        return document.refused()
      }),
    )
    expect(new Set(reasons)).toEqual(new Set(['permission-denied']))
  })

  test('what a browser saw before a crash that lost it does not stand against what is written now', async () => {
    const name = { kind: 'project', projectId: room.projectId } as const
    for (let life = 0; life < 6; life++) {
      const open = await room.sync.documents.open(name)
      open.transact((doc) => doc.getMap('sandbox').set('status', `running ${life}`))
      const seen = new Y.Doc()
      Y.applyUpdate(seen, Y.encodeStateAsUpdate(open.doc))
      await room.stop()
      await deleteLog(database.db, { document: room.project })
      room = await startRoom(database, room, { projectId: room.projectId })
      await room.sync.documents.write(name, (doc) => doc.getMap('sandbox').set('status', `paused ${life}`))
      const browser = room.tab(room.ada).open(room.project, seen)
      await browser.synced()
      expect(browser.doc.getMap('sandbox').get('status')).toBe(`paused ${life}`)
    }
  })

  test('a document of the server is read-only for everyone, and written by the server', async () => {
    const ada = room.tab(room.ada).open(room.session)
    await ada.synced()
    await room.sync.documents.write({ kind: 'session', sessionId: room.sessionId }, (doc) => doc.getArray('items').push([{ id: 1 }]))
    await ada.until(() => ada.doc.getArray('items').length === 1)
    ada.doc.getArray('items').push([{ forged: true }])
    await ada.marked()
    const opened = await room.sync.documents.open({ kind: 'session', sessionId: room.sessionId })
    expect(opened.doc.getArray('items').toJSON()).toEqual([{ id: 1 }])
    await opened.close()
  })

  test('what comes to be while a document is being loaded is shown in it', async () => {
    const name = { kind: 'project', projectId: room.projectId } as const
    const { documents } = room.sync
    const begun = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    documents.onLoad('project', async () => {
      begun.resolve()
      await goOn.promise
    })
    const project = room.tab(room.ada).open(room.project)
    await begun.promise
    expect(documents.isLoaded(name)).toBe(true)
    const written = documents.write(name, (doc) => doc.getMap('meta').set('late', 1))
    goOn.resolve()
    await written
    await project.until(() => project.doc.getMap('meta').get('late') === 1)
  })

  test('a viewer becomes an editor and a viewer again while the board is open', async () => {
    const mei = room.tab(room.mei).open(room.board)
    await mei.synced()
    room.roles.set(room.mei.id, 'editor')
    await room.sync.documents.accessChanged(room.projectId, room.mei.id)
    await mei.until(() => mei.heard.some((message) => message.type === 'access' && message.access === 'write'))
    mei.doc.getMap('todos').set('m', 1)
    await mei.marked()
    room.roles.set(room.mei.id, 'viewer')
    await room.sync.documents.accessChanged(room.projectId, room.mei.id)
    await mei.until(() => mei.heard.some((message) => message.type === 'access' && message.access === 'read'))
    mei.doc.getMap('todos').set('late', 1)
    await mei.marked()
    const ada = room.tab(room.ada).open(room.board)
    await ada.synced()
    expect(ada.doc.getMap('todos').toJSON()).toEqual({ m: 1 })
  })

  test('whoever is removed is cut off at once; so is an ended key', async () => {
    const mei = room.tab(room.mei)
    const board = mei.open(room.board)
    await board.synced()
    room.roles.delete(room.mei.id)
    const closed = new Promise((resolve) => mei.socket.on('close', resolve))
    await room.sync.documents.accessChanged(room.projectId, room.mei.id)
    await closed
    await vi.waitFor(() => expect(board.refused()).toBe('permission-denied'))

    const script = room.raw(`/yjs/${room.board}?token=${room.ada.token}`)
    script.once('open', () => script.send(Uint8Array.of(0, 0, 1, 0)))
    await new Promise((resolve) => script.once('message', resolve))
    const code = new Promise((resolve) => script.once('close', resolve))
    room.ended.add(`key-${room.ada.id}`)
    await room.sync.documents.credentialEnded(`key-${room.ada.id}`)
    expect(await code).toBe(4401)
  })

  test('a y-websocket client joins with a token, edits, and is seen; a viewer edits nothing', async () => {
    const browser = room.tab(room.ada).open(room.board)
    await browser.synced()
    const plain = (token: string) =>
      new WebsocketProvider(`${room.url}/yjs`, room.board, new Y.Doc(), {
        WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
        params: { token },
        disableBc: true,
      })
    const script = plain(room.ada.token)
    const viewer = plain(room.mei.token)
    await vi.waitFor(() => expect([script.synced, viewer.synced]).toEqual([true, true]))
    script.doc.getMap('todos').set('s', 'by a script')
    await browser.until(() => browser.doc.getMap('todos').get('s') === 'by a script')
    await vi.waitFor(() => expect(viewer.doc.getMap('todos').get('s')).toBe('by a script'))
    viewer.doc.getMap('todos').set('v', 'no')
    script.awareness.setLocalState({ user: { id: 'forged', name: 'Mei' }, cursor: 3 })
    await browser.until(() => browser.provider.awareness?.getStates().has(script.doc.clientID) === true)
    await vi.waitFor(() =>
      expect(browser.provider.awareness?.getStates().get(script.doc.clientID)).toEqual({ user: { id: room.ada.id, name: 'Ada' }, cursor: 3 }),
    )
    script.awareness.setLocalState(null)
    await browser.until(() => browser.provider.awareness?.getStates().has(script.doc.clientID) === false)
    expect(browser.doc.getMap('todos').has('v')).toBe(false)
    script.destroy()
    viewer.destroy()
  })

  test('a key that may not write edits nothing, whatever its owner may; one that may not read opens nothing', async () => {
    const browser = room.tab(room.ada).open(room.board)
    await browser.synced()
    room.scopes.set(room.ada.id, ['read', 'decide'])
    const reading = room.tab(room.ada, { by: 'token' }).open(room.board)
    await reading.synced()
    reading.doc.getMap('todos').set('r', 'no')
    browser.doc.getMap('todos').set('b', 'by hand')
    await reading.until(() => reading.doc.getMap('todos').get('b') === 'by hand')
    // Nor when somebody looks at her role again.
    await room.sync.documents.accessChanged(room.projectId, room.ada.id)
    reading.doc.getMap('todos').set('again', 'no')
    browser.doc.getMap('todos').set('c', 'later')
    await reading.until(() => reading.doc.getMap('todos').get('c') === 'later')
    expect([...browser.doc.getMap('todos').keys()].toSorted()).toEqual(['b', 'c'])
    room.scopes.set(room.ada.id, ['write', 'decide'])
    const blind = room.tab(room.ada, { by: 'token' }).open(room.board)
    await vi.waitFor(() => expect(blind.refused()).toBe('permission-denied'))
  })

  test('a token that comes later narrows what a document is open with, and does not widen it again', async () => {
    const tab = room.tab(room.ada, { by: 'token' }).open(room.board)
    await tab.synced()
    room.scopes.set(room.ada.id, ['read'])
    await tab.provider.sendToken()
    await vi.waitFor(() => expect(tab.heard).toContainEqual({ type: 'access', access: 'read' }))
    room.scopes.set(room.ada.id, ['read', 'write'])
    await tab.provider.sendToken()
    await room.sync.documents.accessChanged(room.projectId, room.ada.id)
    const browser = room.tab(room.ada).open(room.board)
    await browser.synced()
    tab.doc.getMap('todos').set('n', 'no')
    browser.doc.getMap('todos').set('b', 'by hand')
    await tab.until(() => tab.doc.getMap('todos').get('b') === 'by hand')
    expect(browser.doc.getMap('todos').has('n')).toBe(false)
    expect(tab.heard).not.toContainEqual({ type: 'access', access: 'write' })
  })

  test('no cookie from a foreign page, no unknown token, no unknown path', async () => {
    const foreign = room.raw('/sync', { cookie: room.ada.cookie, origin: 'https://evil.example' })
    const [error] = (await new Promise((resolve) => foreign.once('error', (...all) => resolve(all)))) as [Error]
    expect(error.message).toContain('403')
    const unknown = room.raw(`/yjs/${room.board}?token=sk_nobody`)
    expect(await new Promise((resolve) => unknown.once('close', resolve))).toBe(4401)
    const nowhere = room.raw('/yjs/nowhere')
    const [missing] = (await new Promise((resolve) => nowhere.once('error', (...all) => resolve(all)))) as [Error]
    expect(missing.message).toContain('404')
  })

  test('a pasted megabyte is kept, over several rows', async () => {
    const name = `file/${room.projectId}/big.txt`
    const ada = room.tab(room.ada).open(name)
    await ada.synced()
    const text = 'wörld '.repeat(180_000)
    ada.doc.getText('content').insert(0, text)
    await ada.marked()
    await room.stop()
    room = await startRoom(database, room, { projectId: room.projectId })
    const again = room.tab(room.ada).open(name)
    await again.synced()
    expect(again.doc.getText('content').toJSON() === text).toBe(true)
  })
})
