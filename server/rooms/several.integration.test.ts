import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { readItems } from '#shared/sessions/doc.ts'
import { connectPostgres } from '../db/postgres.ts'
import type { Database } from '../db/port.ts'
import { openDocument, withHeaders } from '../sync/testing/room.ts'
import { ada as adasAccount, join, makeProject, mei as meisAccount, send as sendTo, signUp, type TestPerson } from '../testing/people.ts'
import { needs } from '../testing/require.ts'
import type { ServerProcess } from '../testing/server-process.ts'
import { at, startSeveral, type Several } from '../testing/several.ts'

/** Real processes on one Postgres. Whatever is asked of whichever, it is done where the room is. */
describe('a room at another process', await needs('postgres'), () => {
  let several: Several
  let database: Database
  let first: ServerProcess
  let second: ServerProcess
  let ada: TestPerson
  let token: string
  const sockets: { destroy(): void }[] = []
  beforeAll(async () => {
    several = await startSeveral(2)
    ;[first, second] = several.processes as [ServerProcess, ServerProcess]
    database = connectPostgres(several.databaseUrl)
    ada = await signUp(first.url, adasAccount)
    token = await ada.makeKey()
  })
  afterAll(async () => {
    for (const socket of sockets) socket.destroy()
    await database?.close()
    await several?.stop()
  })

  /** A room that the first process has. */
  async function roomAtFirst() {
    const project = await makeProject(at(first, ada))
    const session = await at(first, ada).json<{ id: string }>('POST', `/api/projects/${project.id}/sessions`, { title: 'Plan' })
    expect(await ownerPid(project.id)).toBe(first.child.pid)
    return { project, session }
  }
  async function ownerPid(projectId: ProjectId): Promise<number | undefined> {
    const [row] = await database.rows<{ pid: number }>(
      sql`select pid from leases join processes on processes.id = leases.owner where project_id = ${projectId}`,
    )
    return row?.pid
  }
  function open(process: ServerProcess, name: string, doc = new Y.Doc(), as = token) {
    const socket = new HocuspocusProviderWebsocket({
      url: `${process.url.replace(/^http/, 'ws')}/sync`,
      WebSocketPolyfill: withHeaders({}),
      maxDelay: 1_000,
    })
    sockets.push(socket)
    return openDocument(socket, name, doc, as)
  }
  const send = (process: ServerProcess, sessionId: string, text: string, to = 'people') =>
    at(process, ada).json('POST', `/api/sessions/${sessionId}/messages`, { id: newId('itm'), text, to })

  test('commands, queries and documents are those of the room, and nobody else takes it', async () => {
    const { project, session } = await roomAtFirst()
    const there = open(first, `session/${session.id}`)
    const here = open(second, `session/${session.id}`)
    await Promise.all([there.synced(), here.synced()])
    await send(second, session.id, 'Hello from the second')
    for (const { doc, until } of [there, here]) {
      await until(() => readItems(doc).some((item) => item.type === 'message' && item.text === 'Hello from the second'), 'the message')
    }
    const { items } = await at(second, ada).json<{ items: { text?: string }[] }>('GET', `/api/sessions/${session.id}/items`)
    expect(items.map(({ text }) => text)).toContain('Hello from the second')
    expect(await ownerPid(project.id)).toBe(first.child.pid)
  })

  test('an edit there is durable when it says so, and seen at the owner', async () => {
    const { project } = await roomAtFirst()
    const here = open(second, `board/${project.id}`)
    await here.synced()
    here.doc.getMap('todos').set('d', 1)
    await here.marked()
    const there = open(first, `board/${project.id}`)
    await there.synced()
    expect(there.doc.getMap('todos').toJSON()).toEqual({ d: 1 })
    there.doc.getMap('todos').set('e', 1)
    await here.until(() => here.doc.getMap('todos').has('e'), 'the edit of the first')
  })

  test('one socket carries documents of rooms of both', async () => {
    const one = await roomAtFirst()
    const other = await makeProject(at(second, ada))
    await at(second, ada).json('POST', `/api/projects/${other.id}/sessions`, { title: 'Else' })
    expect(await ownerPid(other.id)).toBe(second.child.pid)
    const socket = new HocuspocusProviderWebsocket({ url: `${second.url.replace(/^http/, 'ws')}/sync`, WebSocketPolyfill: withHeaders({}) })
    sockets.push(socket)
    const [theirs, ours] = [one.project.id, other.id].map((id) => openDocument(socket, `board/${id}`, new Y.Doc(), token))
    for (const opened of [theirs, ours]) {
      await opened?.synced()
      opened?.doc.getMap('todos').set('d', 1)
      await opened?.marked()
    }
  })

  test('a run begun there is executed at the owner, and its events are told there', async () => {
    const { session } = await roomAtFirst()
    const events = await at(second, ada).fetch(`/api/sessions/${session.id}/events`)
    expect(events.headers.get('content-type')).toContain('text/event-stream')
    const told = readUntil(events, 'event: complete')
    await send(second, session.id, 'Hello, what can you do?', 'agent')
    expect(await told).toContain('event: text')
  })

  test('a person who may not gets the same words there', async () => {
    const { project } = await roomAtFirst()
    const answer = await fetch(`${second.url}/api/projects/${project.id}`)
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ error: { code: 'unauthenticated' } })
    const forged = await at(second, ada).fetch(`/api/projects/${project.id}`, { headers: { 'x-atrium-forwarded': 'x.y' } })
    expect(forged.status).toBe(200)
  })

  test('who is removed, or whose key ends, hears nothing more, whichever process is told', async () => {
    const { project, session } = await roomAtFirst()
    const mei = await signUp(second.url, meisAccount)
    await join(at(second, ada), project.id, mei, 'editor')
    const key = await ada.json<{ id: string; secret: string }>('POST', '/api/keys', { name: 'to be ended' })
    const hers = open(second, `session/${session.id}`, new Y.Doc(), await mei.makeKey())
    const ours = open(first, `session/${session.id}`, new Y.Doc(), key.secret)
    await Promise.all([hers.synced(), ours.synced()])
    // The room is at the first.
    expect((await at(second, ada).fetch(`/api/projects/${project.id}/members/${mei.id}`, { method: 'DELETE' })).status).toBe(204)
    await hers.until(() => hers.refusals.length > 0, 'the refusal')
    // Where she signs in or makes keys is no matter of rooms: the process that is told is not the one that serves the document.
    expect((await at(second, ada).fetch(`/api/keys/${key.id}`, { method: 'DELETE' })).status).toBe(204)
    await ours.until(() => ours.refusals.length > 0, 'the refusal of the key')
    await send(first, session.id, 'Without them')
    for (const { doc } of [hers, ours]) expect(readItems(doc).some((item) => item.type === 'message' && item.text === 'Without them')).toBe(false)
  })

  test('who joins by a link, or has another name, is shown so in the room, whichever process is told', async () => {
    const { project } = await roomAtFirst()
    const room = open(second, `project/${project.id}`)
    await room.synced()
    const people = () => Object.values(room.doc.getMap<{ name: string; role: string }>('people').toJSON() as Record<string, { name: string }>)
    const zoe = await signUp(second.url, { name: 'Zoe', email: 'zoe@example.org' })
    const { token: invite } = await at(second, ada).json<{ token: string }>('POST', `/api/projects/${project.id}/invites`, { role: 'viewer' })
    await zoe.json('POST', `/api/invites/${invite}/accept`)
    await room.until(() => people().some(({ name }) => name === 'Zoe'), 'Zoe among the people')
    await zoe.json('PATCH', '/api/auth/me', { name: 'Zoë' })
    await room.until(() => people().some(({ name }) => name === 'Zoë'), 'her new name')
    expect(people()).toHaveLength(2)
  })

  test('who guesses a password is counted by all together', async () => {
    const guess = async (process: ServerProcess) => {
      const body = { email: adasAccount.email, password: 'not this one at all' }
      return (await sendTo(process.url, '/api/auth/sign-in', { method: 'POST', body })).status
    }
    const statuses: number[] = []
    for (let at = 0; at < 12; at++) statuses.push(await guess(at % 2 === 0 ? first : second))
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429])
  })

  test('who is in a room is on the home page of every process', async () => {
    const { project, session } = await roomAtFirst()
    const here = open(second, `session/${session.id}`)
    await here.synced()
    const shown = async (process: ServerProcess) => {
      const { projects } = await at(process, ada).json<{ projects: { id: string; here: { name: string }[] }[] }>('GET', '/api/overview')
      return projects.find(({ id }) => id === project.id)?.here.map(({ name }) => name)
    }
    for (const one of [first, second]) await vi.waitFor(async () => expect(await shown(one)).toEqual(['Ada']))
    here.provider.destroy()
    for (const one of [first, second]) await vi.waitFor(async () => expect(await shown(one)).toEqual([]))
  })

  test('when the owner is killed, what was acknowledged is there and the room goes on at the other', async () => {
    const third = await several.start()
    const project = await makeProject(at(third, ada))
    const session = await at(third, ada).json<{ id: string }>('POST', `/api/projects/${project.id}/sessions`, { title: 'Plan' })
    expect(await ownerPid(project.id)).toBe(third.child.pid)
    const here = open(second, `board/${project.id}`)
    await here.synced()
    here.doc.getMap('todos').set('d', 1)
    await here.marked()
    await third.end('SIGKILL')
    here.doc.getMap('todos').set('e', 1)
    await send(second, session.id, 'Still here')
    expect(await ownerPid(project.id)).toBe(second.child.pid)
    await here.until(() => here.provider.synced, 'the room')
    await here.marked()
    const again = open(first, `board/${project.id}`)
    await again.synced()
    expect(again.doc.getMap('todos').toJSON()).toEqual({ d: 1, e: 1 })
  })

  test('an owner that stands still is left, and writes nothing when it goes on', async () => {
    const third = await several.start()
    const project = await makeProject(at(third, ada))
    await at(third, ada).json('POST', `/api/projects/${project.id}/sessions`, { title: 'Plan' })
    const there = open(third, `board/${project.id}`)
    await there.synced()
    third.child.kill('SIGSTOP')
    there.doc.getMap('todos').set('late', 1)
    const here = open(second, `board/${project.id}`)
    await here.synced()
    here.doc.getMap('todos').set('d', 1)
    await here.marked()
    expect(await ownerPid(project.id)).toBe(second.child.pid)
    third.child.kill('SIGCONT')
    // The tab comes again, by the process that was left, to where the room is.
    await here.until(() => here.doc.getMap('todos').has('late'), 'what was typed meanwhile')
    await vi.waitFor(() => expect(there.doc.getMap('todos').has('d')).toBe(true))
    expect(await ownerPid(project.id)).toBe(second.child.pid)
  })
})

/** What a stream says until a word of it. */
async function readUntil(answer: Response, word: string): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.includes(word)) return text
  }
  throw new Error(`the stream ended without ${word}:\n${text}`)
}
