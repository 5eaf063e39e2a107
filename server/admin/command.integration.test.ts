import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPostgresDatabase } from '../testing/database.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { ada, mei, send, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startServerProcess } from '../testing/server-process.ts'
import type { ServerProcess } from '../testing/server-process.ts'
import { runAdmin } from '../testing/run-admin.ts'

describeOnDatabases('npm run admin on %s', (database) => {
  let server: ServerProcess
  let env: Record<string, string>
  let guest: TestPerson
  let drop: () => Promise<void> = async () => undefined
  beforeAll(async () => {
    env = { ATRIUM_DATA_DIR: await mkdtemp(join(tmpdir(), 'atrium-admin-')), ATRIUM_SANDBOX: 'off' }
    if (database === 'postgres') {
      const made = await createPostgresDatabase()
      env.DATABASE_URL = made.url
      drop = made.drop
    }
    server = await startServerProcess(env)
    await signUp(server.url, ada)
    guest = await signUp(server.url, mei)
  })
  afterAll(async () => {
    await server.end('SIGTERM')
    await drop()
    await rm(env.ATRIUM_DATA_DIR ?? '', { recursive: true, force: true })
  })

  const admin = (...args: string[]) => runAdmin(env, ...args)
  const me = async () => (await guest.fetch('/api/auth/me')).status

  test('a server that runs does it, and hears of it at once; the socket is for its own user alone', async () => {
    const socket = await stat(join(env.ATRIUM_DATA_DIR ?? '', 'admin', 'socket'))
    expect(socket.isSocket()).toBe(true)
    expect((socket.mode & 0o777).toString(8)).toBe('600')
    const listed = await admin('users')
    expect(listed).toMatchObject({ code: 0, err: '', out: expect.stringContaining('mei@example.org  Mei  (0 projects') })
    expect(listed.out).not.toMatch(/argon2/)
    expect(await me()).toBe(200)
    expect(await admin('disable', 'MEI@example.org')).toMatchObject({ code: 0, out: 'mei@example.org is disabled.\n' })
    expect(await me()).toBe(401)
    expect(await admin('disable', ada.email)).toMatchObject({ code: 1, err: 'This is the last admin of the workspace, who stays.\n', out: '' })
    expect(await admin('disable', 'nobody@example.org')).toMatchObject({ code: 1, err: 'There is no such account.\n' })
    expect(await admin('disable')).toMatchObject({ code: 2 })
  })

  test('without a server it works on the database, and the next server knows', async () => {
    await server.end('SIGTERM')
    expect(await admin('enable', mei.email)).toMatchObject({ code: 0, out: 'mei@example.org is enabled.\n', err: '' })
    const { out } = await admin('reset-password', mei.email)
    const token = /\/reset#(\S+)/.exec(out)?.[1]
    server = await startServerProcess(env)
    expect(server.output()).not.toContain(token)
    const chosen = await send(server.url, '/api/auth/reset-password', { method: 'POST', body: { token, password: 'staple battery horse' } })
    expect(chosen.status).toBe(204)
    expect(await admin('erase', mei.email)).toMatchObject({ code: 0, err: '' })
    expect((await admin('users')).out).not.toContain('Mei')
  })

  test('a server that was killed leaves a socket behind, and nothing waits for it', async () => {
    await server.end('SIGKILL')
    expect(await admin('users')).toMatchObject({ code: 0, err: '', out: expect.stringContaining('ada@example.org') })
    server = await startServerProcess(env)
    expect(await admin('users')).toMatchObject({ code: 0, err: '' })
  })
})
