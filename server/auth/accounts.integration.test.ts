import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ada, cookieOf, join, makeProject, mei, send, signUp, tomas } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { authSessions, users } from './table.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

const person = (name: string) => ({ name, email: `${name.toLowerCase()}@example.org`, password: 'correct horse battery' })
const codeOf = async (answer: Response) => ((await answer.json()) as { error: { code: string } }).error.code

describeOnDatabases('accounts on %s', (database) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer({ database, env: { ATRIUM_SIGNUP: 'invite' } })
  })
  afterAll(() => server.stop())

  test('two people who sign up first at the same moment: one becomes admin, the other is told to bring an invite', async () => {
    const before = await (await send(server.url, '/api/auth/setup')).json()
    expect(before).toEqual({ firstAccount: true, signUp: 'invite' })
    const answers = await Promise.all(
      ['Ada', 'Mei', 'Tomas', 'Noor'].map((name) => send(server.url, '/api/auth/sign-up', { method: 'POST', body: person(name) })),
    )
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 403, 403, 403])
    const all = await server.parts.database.db.select({ admin: users.admin }).from(users)
    expect(all).toEqual([{ admin: true }])
    expect(await (await send(server.url, '/api/auth/setup')).json()).toEqual({ firstAccount: false, signUp: 'invite' })
  })
})

describe('accounts', () => {
  let server: TestServer
  let owner: TestPerson
  beforeAll(async () => {
    server = await startTestServer({ env: { ATRIUM_SIGNUP: 'invite' } })
    owner = await signUp(server.url, ada)
  })
  afterAll(() => server.stop())

  test('Mei signs up with a link and is in the project at once', async () => {
    const project = await makeProject(owner)
    const { url, token } = await owner.json<{ url: string; token: string }>('POST', `/api/projects/${project.id}/invites`, { role: 'editor' })
    expect(url).toBe(`${server.url}/invite/${token}`)
    const preview = await send(server.url, `/api/invites/${token}`)
    expect(await preview.json()).toEqual({ projectId: project.id, project: 'Garden', role: 'editor', invitedBy: 'Ada' })
    const guest = await signUp(server.url, { ...mei, invite: token })
    expect(guest.admin).toBe(false)
    expect(await guest.json('GET', `/api/projects/${project.id}`)).toMatchObject({ role: 'editor', name: 'Garden' })
  })

  test('a bad invite makes no account and does not tell which addresses have one', async () => {
    for (const email of [ada.email, 'new@example.org']) {
      const answer = await send(server.url, '/api/auth/sign-up', { method: 'POST', body: { ...person('X'), email, invite: 'nonsense' } })
      expect([answer.status, await codeOf(answer)]).toEqual([404, 'not_found'])
      const none = await send(server.url, '/api/auth/sign-up', { method: 'POST', body: { ...person('X'), email } })
      expect([none.status, await codeOf(none)]).toEqual([403, 'forbidden'])
    }
  })

  test('the cookie is for the server alone, and only its hash is stored', async () => {
    const answer = await send(server.url, '/api/auth/sign-in', { method: 'POST', body: { email: 'ADA@example.org ', password: owner.password } })
    expect(answer.status).toBe(200)
    const line = answer.headers.getSetCookie()[0] ?? ''
    expect(line).toMatch(/^atrium_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/)
    const token = cookieOf(answer).slice('atrium_session='.length)
    const rows = await server.parts.database.db.select().from(authSessions)
    expect(JSON.stringify(rows)).not.toContain(token)
    const [hash] = await server.parts.database.db.select({ hash: users.passwordHash }).from(users)
    expect(hash?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  test('an unknown address and a wrong password get the same answer', async () => {
    const answers = await Promise.all(
      [ada.email, 'nobody@example.org'].map(async (email) => {
        const answer = await send(server.url, '/api/auth/sign-in', { method: 'POST', body: { email, password: 'wrong wrong' } })
        const { error } = (await answer.json()) as { error: { code: string; message: string } }
        return { status: answer.status, code: error.code, message: error.message }
      }),
    )
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]).toMatchObject({ status: 401, code: 'wrong_credentials' })
  })

  test('after ten wrong passwords the account waits, even for the right one; another account does not', async () => {
    const project = await makeProject(owner)
    const { token } = await owner.json<{ token: string }>('POST', `/api/projects/${project.id}/invites`, { role: 'viewer' })
    const guest = await signUp(server.url, { ...tomas, invite: token })
    const attempt = (password: string) => send(server.url, '/api/auth/sign-in', { method: 'POST', body: { email: tomas.email, password } })
    for (let n = 0; n < 10; n += 1) expect((await attempt(`wrong ${n}`)).status).toBe(401)
    const refused = await attempt(guest.password)
    expect([refused.status, await codeOf(refused)]).toEqual([429, 'rate_limited'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    const other = await send(server.url, '/api/auth/sign-in', { method: 'POST', body: { email: ada.email, password: owner.password } })
    expect(other.status).toBe(200)
  })

  test('signing out ends that session and no other', async () => {
    const first = cookieOf(await send(server.url, '/api/auth/sign-in', { method: 'POST', body: { email: ada.email, password: owner.password } }))
    const ended: string[] = []
    server.parts.auth.onCredentialEnded((id) => ended.push(id))
    const out = await send(server.url, '/api/auth/sign-out', { method: 'POST', headers: { cookie: first } })
    expect(out.status).toBe(204)
    expect(out.headers.getSetCookie()[0]).toContain('Max-Age=0')
    expect(ended).toHaveLength(1)
    expect((await send(server.url, '/api/auth/me', { headers: { cookie: first } })).status).toBe(401)
    expect((await owner.fetch('/api/auth/me')).status).toBe(200)
  })

  test('a key works until it is revoked, and cannot make another', async () => {
    const key = await owner.makeKey()
    const headers = { authorization: `Bearer ${key}` }
    expect(await (await send(server.url, '/api/auth/me', { headers })).json()).toMatchObject({ user: { email: ada.email } })
    expect((await send(server.url, '/api/keys', { method: 'POST', body: { name: 'heir' }, headers })).status).toBe(403)
    const { keys } = await owner.json<{ keys: { id: string; lastUsedAt: number | null }[] }>('GET', '/api/keys')
    expect(JSON.stringify(keys)).not.toContain(key)
    expect(keys[0]?.lastUsedAt).toEqual(expect.any(Number))
    expect((await owner.fetch(`/api/keys/${keys[0]?.id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await send(server.url, '/api/auth/me', { headers })).status).toBe(401)
    // Whoever sends a key is judged by the key, not by the cookie beside it.
    expect((await owner.fetch('/api/auth/me', { headers })).status).toBe(401)
  })

  test('a foreign page cannot act with a visitor’s cookie, nor sign a visitor in', async () => {
    const create = (headers: Record<string, string>) => owner.fetch('/api/projects', { method: 'POST', body: { name: 'Forged' }, headers })
    const host = new URL(server.url).host
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: `http://${host}.evil.example` }]) {
      const answer = await create(headers)
      expect([answer.status, await codeOf(answer)], JSON.stringify(headers)).toEqual([403, 'wrong_origin'])
    }
    expect((await create({ origin: server.url })).status).toBe(201)
    expect((await create({})).status).toBe(201)
    const key = await owner.makeKey()
    const script = await send(server.url, '/api/projects', {
      method: 'POST',
      body: { name: 'By a script' },
      headers: { authorization: `Bearer ${key}`, origin: 'https://ci.example' },
    })
    expect(script.status).toBe(201)
    const forged = await send(server.url, '/api/auth/sign-in', {
      method: 'POST',
      body: { email: ada.email, password: owner.password },
      headers: { origin: 'https://evil.example' },
    })
    expect(forged.status).toBe(403)
  })

  test('a viewer of one project learns nothing about another', async () => {
    const project = await makeProject(owner, 'Secret')
    const shared = await makeProject(owner, 'Shared')
    const { token } = await owner.json<{ token: string }>('POST', `/api/projects/${shared.id}/invites`, { role: 'viewer' })
    const guest = await signUp(server.url, { name: 'Noor', email: 'noor@example.org', invite: token })
    await join(owner, shared.id, guest, 'viewer')
    const hidden = await guest.fetch(`/api/projects/${project.id}`)
    const absent = await guest.fetch('/api/projects/prj_01900000-0000-7000-8000-000000000000')
    const strip = async (answer: Response) => ({
      status: answer.status,
      error: { ...((await answer.json()) as { error: object }).error, requestId: '' },
    })
    expect(await strip(hidden)).toEqual(await strip(absent))
  })
})
