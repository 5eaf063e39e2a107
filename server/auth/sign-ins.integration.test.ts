import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { SignInPlace } from '#shared/auth/schema.ts'
import { ada, cookieOf, makeProject, mei, send, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

const newPassword = 'staple battery horse'

describeOnDatabases('places where somebody is signed in, on %s', (database) => {
  let server: TestServer
  let owner: TestPerson
  beforeAll(async () => {
    server = await startTestServer({ database })
    owner = await signUp(server.url, ada)
  })
  afterAll(() => server.stop())

  const signIn = async (password = owner.password, device = 'Phone') => {
    const answer = await send(server.url, '/api/auth/sign-in', {
      method: 'POST',
      body: { email: ada.email, password },
      headers: { 'user-agent': device },
    })
    return answer.ok ? cookieOf(answer) : answer.status
  }
  const places = async () => (await owner.json<{ sessions: SignInPlace[] }>('GET', '/api/auth/sessions')).sessions
  const statusOf = async (cookie: string | number) => (await send(server.url, '/api/auth/me', { headers: { cookie: String(cookie) } })).status

  test('who is signed in can be asked without an error for an answer', async () => {
    const nobody = await send(server.url, '/api/auth/session')
    expect([nobody.status, await nobody.json()]).toEqual([200, { user: null }])
    expect(await owner.json('GET', '/api/auth/session')).toMatchObject({ user: { email: ada.email } })
    expect((await send(server.url, '/api/auth/me')).status).toBe(401)
  })

  test('Ada sees her phone in the list and signs it out; what it holds open is cut off', async () => {
    const project = await makeProject(owner)
    const phone = await signIn()
    const open = new WebSocket(`${server.url.replace('http', 'ws')}/yjs/project/${project.id}`, { headers: { cookie: String(phone) } })
    await once(open, 'message')
    const closed = once(open, 'close')
    const listed = await places()
    expect(listed.map(({ current }) => current).toSorted()).toEqual([false, true])
    const other = listed.find(({ current }) => !current)
    expect(other).toMatchObject({ userAgent: 'Phone', lastSeenAt: expect.any(Number) })
    expect((await owner.fetch(`/api/auth/sessions/${other?.id}`, { method: 'DELETE' })).status).toBe(204)
    await closed
    expect(await statusOf(phone)).toBe(401)
    expect((await owner.fetch(`/api/auth/sessions/${other?.id}`, { method: 'DELETE' })).status).toBe(404)
    expect(await places()).toHaveLength(1)
  })

  test('nobody ends a session of somebody else, and the ids of the list let nobody in', async () => {
    const guest = await signUp(server.url, mei)
    const [own] = await places()
    expect((await guest.fetch(`/api/auth/sessions/${own?.id}`, { method: 'DELETE' })).status).toBe(404)
    expect(await statusOf(`atrium_session=${own?.id}`)).toBe(401)
    expect((await owner.fetch('/api/auth/me')).status).toBe(200)
    expect((await owner.fetch('/api/auth/sessions/nonsense', { method: 'DELETE' })).status).toBe(400)
  })

  test('signing out everywhere else leaves this place alone', async () => {
    const others = [await signIn(), await signIn()]
    expect((await owner.fetch('/api/auth/sessions', { method: 'DELETE' })).status).toBe(204)
    expect(await Promise.all(others.map(statusOf))).toEqual([401, 401])
    expect((await owner.fetch('/api/auth/me')).status).toBe(200)
  })

  test('a new password needs the old one, and ends every other place', async () => {
    const phone = await signIn()
    const change = (current: string, next: string) => owner.fetch('/api/auth/password', { method: 'POST', body: { current, next } })
    const wrong = await change('not this one', newPassword)
    expect([wrong.status, ((await wrong.json()) as { error: { code: string } }).error.code]).toEqual([401, 'wrong_credentials'])
    expect((await change(owner.password, 'short')).status).toBe(400)
    expect(await statusOf(phone)).toBe(200)
    expect((await change(owner.password, newPassword)).status).toBe(204)
    expect(await statusOf(phone)).toBe(401)
    expect((await owner.fetch('/api/auth/me')).status).toBe(200)
    expect(await signIn(owner.password)).toBe(401)
    expect(await signIn(newPassword)).toContain('atrium_session=')
    await owner.json('POST', '/api/auth/password', { current: newPassword, next: owner.password })
  })

  test('a key may neither change the password nor sign anybody out', async () => {
    const headers = { authorization: `Bearer ${await owner.makeKey()}` }
    const [own] = await places()
    const attempts = await Promise.all([
      send(server.url, '/api/auth/password', { method: 'POST', body: { current: owner.password, next: newPassword }, headers }),
      send(server.url, '/api/auth/sessions', { method: 'DELETE', headers }),
      send(server.url, `/api/auth/sessions/${own?.id}`, { method: 'DELETE', headers }),
    ])
    expect(attempts.map(({ status }) => status)).toEqual([403, 403, 403])
  })

  test('a new name shows to the others', async () => {
    const project = await makeProject(owner)
    expect(await owner.json('PATCH', '/api/auth/me', { name: 'Ada Okafor' })).toMatchObject({ user: { name: 'Ada Okafor' } })
    const { members } = await owner.json<{ members: { name: string }[] }>('GET', `/api/projects/${project.id}/members`)
    expect(members.map(({ name }) => name)).toEqual(['Ada Okafor'])
    expect((await owner.fetch('/api/auth/me', { method: 'PATCH', body: { name: 'two\nlines' } })).status).toBe(400)
  })
})
