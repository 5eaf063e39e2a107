import { readFile } from 'node:fs/promises'
import { once } from 'node:events'
import { join as joinPath } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Account } from '#shared/people/schema.ts'
import { migrationsFolder } from '../db/migrations-folder.ts'
import { openTestDatabase } from '../testing/database.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { ada, cookieOf, join, makeProject, mei, send, signUp, tomas } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'

const newPassword = 'staple battery horse'
const dayMs = 24 * 3_600_000

describeOnDatabases('accounts in the hands of an admin, on %s', (database) => {
  let server: TestServer
  let admin: TestPerson
  let guest: TestPerson
  let now = 1_800_000_000_000
  beforeAll(async () => {
    server = await startTestServer({ database, clock: { now: () => now } })
    admin = await signUp(server.url, ada)
    guest = await signUp(server.url, mei)
  })
  afterAll(() => server.stop())

  const list = async (query = '') => admin.json<{ people: Account[]; nextAfter: string | null }>('GET', `/api/people${query}`)
  const act = (who: TestPerson, what: string, body?: unknown) => admin.fetch(`/api/people/${who.id}/${what}`, { method: 'POST', body: body ?? {} })
  const signIn = (who: TestPerson, password = who.password) =>
    send(server.url, '/api/auth/sign-in', { method: 'POST', body: { email: who.email, password } })
  const meBy = async (headers: Record<string, string>) => (await send(server.url, '/api/auth/me', { headers })).status
  /** With the sign-in that they have now. */
  const makeKey = async (who: TestPerson) => {
    const made = await send(server.url, '/api/keys', { method: 'POST', body: { name: 'script' }, headers: { cookie: who.cookie } })
    return ((await made.json()) as { secret: string }).secret
  }
  const choose = (token: string, password = newPassword) =>
    send(server.url, '/api/auth/reset-password', { method: 'POST', body: { token, password } })
  const makeLink = async (who: TestPerson) => {
    const { path } = (await (await act(who, 'reset-password')).json()) as { path: string }
    return path.split('#')[1] ?? ''
  }

  test('the list comes in pages, and holds no secret', async () => {
    const first = await list('?limit=1')
    expect(first).toMatchObject({ people: [{ email: ada.email, admin: true, disabledAt: null }], nextAfter: ada.email })
    const second = await list(`?limit=1&after=${first.nextAfter}`)
    expect(second).toMatchObject({ people: [{ email: mei.email, admin: false, projects: 0, keys: 0 }], nextAfter: null })
    expect(JSON.stringify([first, second])).not.toMatch(/argon2|hash/i)
  })

  test('who is disabled is out at once, whatever they had open, and in again when enabled', async () => {
    const project = await makeProject(admin)
    await join(admin, project.id, guest, 'editor')
    const key = await makeKey(guest)
    const bearer = { authorization: `Bearer ${key}` }
    const address = `${server.url.replace('http', 'ws')}/yjs/project/${project.id}`
    const sockets = [new WebSocket(address, { headers: { cookie: guest.cookie } }), new WebSocket(`${address}?token=${key}`)]
    await Promise.all(sockets.map((socket) => once(socket, 'message')))
    const closed = Promise.all(sockets.map((socket) => once(socket, 'close')))

    const began = performance.now()
    expect((await act(guest, 'disable')).status).toBe(204)
    await closed
    expect(performance.now() - began).toBeLessThan(5_000)
    expect([await meBy({ cookie: guest.cookie }), await meBy(bearer)]).toEqual([401, 401])
    expect((await signIn(guest)).status).toBe(403)
    // A stranger is not told.
    expect((await signIn(guest, 'not this password')).status).toBe(401)
    const { members } = await admin.json<{ members: { name: string }[] }>('GET', `/api/projects/${project.id}/members`)
    expect(members.map(({ name }) => name)).toEqual(['Ada', 'Mei'])
    expect((await act(guest, 'reset-password')).status).toBe(409)

    expect((await act(guest, 'enable')).status).toBe(204)
    expect(await meBy(bearer)).toBe(200)
    expect(await meBy({ cookie: guest.cookie })).toBe(401)
    const answer = await signIn(guest)
    expect(answer.status).toBe(200)
    guest.cookie = cookieOf(answer)
  })

  test('a link lets its owner choose a password once; sign-ins end and keys stay', async () => {
    const key = await makeKey(guest)
    const older = await makeLink(guest)
    const token = await makeLink(guest)
    expect((await choose(older)).status).toBe(410)
    expect((await choose(token, 'short')).status).toBe(400)
    const both = await Promise.all([choose(token), choose(token)])
    expect(both.map(({ status }) => status).toSorted()).toEqual([204, 410])
    expect(await meBy({ cookie: guest.cookie })).toBe(401)
    expect(await meBy({ authorization: `Bearer ${key}` })).toBe(200)
    expect((await signIn(guest)).status).toBe(401)
    const answer = await signIn(guest, newPassword)
    guest.cookie = cookieOf(answer)
    const stored = await server.parts.database.rows(sql`select count(*) as found from password_resets where token_hash = ${token}`)
    expect(stored).toEqual([{ found: 0 }])
  })

  test('a link of yesterday is no use, and neither are guesses', async () => {
    const token = await makeLink(guest)
    now += dayMs + 1
    expect((await choose(token)).status).toBe(410)
    const guesses = await Promise.all(Array.from({ length: 40 }, (_, at) => choose(`guess-${at}`)))
    expect(guesses.map(({ status }) => status)).toContain(429)
  })

  test('all keys of a person go, and what they had opened', async () => {
    const bearer = { authorization: `Bearer ${await makeKey(guest)}` }
    const answer = await admin.fetch(`/api/people/${guest.id}/keys`, { method: 'DELETE' })
    expect(await answer.json()).toMatchObject({ revoked: expect.any(Number) })
    expect(await meBy(bearer)).toBe(401)
    expect((await list()).people.find(({ id }) => id === guest.id)).toMatchObject({ keys: 0 })
  })

  test('the last admin stays, and nobody else may do any of it', async () => {
    expect((await act(admin, 'disable')).status).toBe(409)
    expect((await act(admin, 'erase')).status).toBe(409)
    const other = await signUp(server.url, tomas)
    expect((await other.fetch(`/api/people/${guest.id}/disable`, { method: 'POST', body: {} })).status).toBe(403)
    const byKey = { authorization: `Bearer ${await admin.makeKey(['read', 'write', 'decide'])}` }
    expect((await send(server.url, '/api/people', { headers: byKey })).status).toBe(403)
  })
})

describeOnDatabases('the schema before accounts could be disabled, on %s', (kind) => {
  test('everybody who was there may still enter', async () => {
    const database = await openTestDatabase(kind)
    await database.rows(sql`drop table password_resets`)
    await database.rows(sql`alter table users drop column disabled_at, drop column erased_at`)
    await database.rows(sql`insert into users (id, email, name, password_hash, admin, created_at) values ('usr_1', 'a@b.org', 'Ada', '-', true, 1)`)
    const steps = await readFile(joinPath(migrationsFolder, '0009_people.sql'), 'utf8')
    for (const step of steps.split('--> statement-breakpoint')) await database.rows(sql.raw(step))
    expect(await database.rows(sql`select disabled_at, erased_at from users`)).toEqual([{ disabled_at: null, erased_at: null }])
    await database.close()
  })
})
