import { once } from 'node:events'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { projects } from '../projects/table.ts'
import type { Database } from '../db/port.ts'
import { openTestDatabase } from '../testing/database.ts'
import { ada, makeProject, signUp } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import { closedWith, joinRaw } from './testing/frames.ts'
import { startRoom, type TestRoom, type TestUser } from './testing/room.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

/** Opens a y-websocket connection and waits until the document is open on it. */
async function answered(ws: WebSocket): Promise<void> {
  await once(ws, 'open')
  ws.send(Uint8Array.of(0, 0, 1, 0))
  await once(ws, 'message')
}

describeOnDatabases('who comes, goes and changes on %s', (kind) => {
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

  const kept = async (what: string) => {
    const [row] = await database.rows<{ rows: number }>(sql`select
      (select count(*) from document_updates where document like ${what}) + (select count(*) from document_snapshots where document like ${what})
      + (select count(*) from document_history where document like ${what}) as rows`)
    return Number(row?.rows)
  }

  test('a deleted project closes its sockets, leaves no row and cannot be opened again', async () => {
    const tab = room.tab(room.ada)
    const board = tab.open(room.board)
    const file = tab.open(`file/${room.projectId}/notes.md`)
    await Promise.all([board.synced(), file.synced()])
    board.doc.getMap('todos').set('a', 'plan')
    file.doc.getText('content').insert(0, 'notes')
    await Promise.all([board.marked(), file.marked()])
    const script = room.raw(`/yjs/${room.board}?token=${room.ada.token}`)
    await answered(script)
    const browser = room.raw('/sync')
    await joinRaw(browser, room.session, room.mei.token)
    expect(await kept(`%${room.projectId}%`)).toBeGreaterThan(0)
    const codes = Promise.all([closedWith(script), closedWith(browser)])

    // Still typing while it goes.
    board.doc.getMap('todos').set('late', 1)
    room.roles.clear()
    await database.db.delete(projects)
    await room.sync.documents.remove([{ kind: 'project', projectId: room.projectId }])
    expect(await codes).toEqual([4404, 4404])
    expect(room.sync.documents.isLoaded({ kind: 'board', projectId: room.projectId })).toBe(false)
    await board.until(() => board.refused() !== undefined, 'a refusal')
    // A client that asks again is told no more than anybody is.
    expect(board.refusals[0]).toBe('not found')
    expect(room.sync.documents.peopleIn(room.projectId)).toEqual([])
    await expect(room.sync.documents.open({ kind: 'board', projectId: room.projectId })).rejects.toMatchObject({ code: 'not_found' })
    expect(await kept('%')).toBe(0)
  })

  test('a deleted session closes its own document and none of the others', async () => {
    const tab = room.tab(room.ada)
    const [session, board] = [tab.open(room.session), tab.open(room.board)]
    await Promise.all([session.synced(), board.synced()])
    const name = { kind: 'session', sessionId: room.sessionId } as const
    const opened = await room.sync.documents.open(name)
    opened.transact((doc) => doc.getArray('items').push([{ id: 1 }]))
    await opened.flushed()
    opened.transact((doc) => doc.getArray('items').push([{ id: 2 }]))
    await room.sync.documents.remove([name])
    await session.until(() => session.refused() !== undefined, 'a refusal')
    expect(await kept(room.session)).toBe(0)
    expect(() => opened.transact(() => undefined)).toThrow('closed')
    board.doc.getMap('todos').set('a', 1)
    await board.marked()
    expect(await kept(room.session)).toBe(0)
  })

  test('who is in a room: each person once, from the first document they open to the last they close', async () => {
    const heard: [ProjectId, UserId[]][] = []
    room.sync.documents.onPeople((projectId, people) => heard.push([projectId, people]))
    const { projectId } = room
    const first = room.tab(room.ada)
    const [board, session] = [first.open(room.board), first.open(room.session)]
    await Promise.all([board.synced(), session.synced()])
    const second = room.tab(room.ada)
    await second.open(room.board).synced()
    await room.tab(room.mei).open(room.project).synced()
    expect(room.sync.documents.peopleIn(projectId).toSorted()).toEqual([room.ada.id, room.mei.id].toSorted())
    expect(heard.map(([, people]) => people.length)).toEqual([1, 2])
    first.socket.destroy()
    room.roles.delete(room.mei.id)
    await room.sync.documents.accessChanged(projectId, room.mei.id)
    expect(heard.at(-1)).toEqual([projectId, [room.ada.id]])
    expect(heard).toHaveLength(3)
    second.socket.destroy()
    await vi.waitFor(() => expect(heard.at(-1)).toEqual([projectId, []]))
    expect(heard).toHaveLength(4)
    expect(room.sync.documents.peopleIn(projectId)).toEqual([])
  })

  test('a script becomes an editor and a viewer again while it is connected', async () => {
    const plain = (user: TestUser) =>
      new WebsocketProvider(`${room.url}/yjs`, room.board, new Y.Doc(), {
        WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
        params: { token: user.token },
        disableBc: true,
      })
    const [script, owner] = [plain(room.mei), plain(room.ada)]
    await vi.waitFor(() => expect([script.synced, owner.synced]).toEqual([true, true]))
    const todos = (who: WebsocketProvider) => who.doc.getMap('todos')
    const becomes = async (role: 'viewer' | 'editor') => {
      room.roles.set(room.mei.id, role)
      await room.sync.documents.accessChanged(room.projectId, room.mei.id)
    }
    // Nothing that Mei writes as a viewer arrives before what the owner writes next does.
    todos(script).set('before', 1)
    await becomes('editor')
    todos(script).set('as editor', 1)
    await vi.waitFor(() => expect(todos(owner).has('as editor')).toBe(true))
    await becomes('viewer')
    todos(script).set('after', 1)
    script.awareness.setLocalStateField('sent', 'after the edit')
    await vi.waitFor(() => expect([...owner.awareness.getStates().values()]).toContainEqual(expect.objectContaining({ sent: 'after the edit' })))
    expect(todos(owner).has('after')).toBe(false)
    room.roles.delete(room.mei.id)
    const closed = new Promise<number>((resolve) => script.ws?.addEventListener('close', ({ code }) => resolve(code)))
    await room.sync.documents.accessChanged(room.projectId, room.mei.id)
    expect(await closed).toBe(4403)
    script.destroy()
    owner.destroy()
  })
})

test('signing out closes what the cookie opened within a second, revoking a key what the key did, and nothing else', async () => {
  const server = await startTestServer()
  try {
    const person = await signUp(server.url, ada)
    const project = await makeProject(person)
    const key = await person.makeKey()
    const address = server.url.replace('http', 'ws')
    const open = (path: string, headers: Record<string, string>) => new WebSocket(`${address}${path}`, { headers })
    const cookie = { cookie: person.cookie, origin: server.url }
    const tab = open('/sync', cookie)
    await joinRaw(tab, `board/${project.id}`, '')
    const script = open(`/yjs/board/${project.id}`, cookie)
    await answered(script)
    const keyed = open('/sync', {})
    await joinRaw(keyed, `board/${project.id}`, key)

    const ends = async (sockets: WebSocket[], by: () => Promise<unknown>) => {
      const codes = Promise.all(sockets.map(closedWith))
      await by()
      expect(await codes).toEqual(sockets.map(() => 4401))
    }
    const [{ id } = { id: '' }] = (await person.json<{ keys: { id: string }[] }>('GET', '/api/keys')).keys
    const second = open('/sync', {})
    await joinRaw(second, `board/${project.id}`, await person.makeKey())
    await ends([keyed], () => person.json('DELETE', `/api/keys/${id}`))
    await ends([tab, script], () => person.json('POST', '/api/auth/sign-out'))
    expect(second.readyState).toBe(WebSocket.OPEN)
  } finally {
    await server.stop()
  }
})
