import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ProjectId } from '#shared/base/ids.ts'
import { readSandbox, readUsage } from '#shared/projects/doc.ts'
import { members } from '../projects/table.ts'
import { send, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { showUsage } from './projection.ts'
import { needs } from '../testing/require.ts'
import { countProcesses } from './contract-processes.ts'

describe('the sandbox over HTTP', await needs('sandbox'), () => {
  let server: TestServer
  let ada: TestPerson
  let mei: TestPerson
  let project: ProjectId
  const call = async (who: TestPerson, method: string, path: string, body?: unknown) => {
    const answer = await send(server.url, `/api/projects/${project}/${path}`, {
      method,
      headers: { cookie: who.cookie },
      ...(body !== undefined && { body }),
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }

  beforeAll(async () => {
    server = await startTestServer({ env: { ATRIUM_SANDBOX: 'local' } })
    ada = await signUp(server.url, { name: 'Ada', email: 'ada@example.org' })
    mei = await signUp(server.url, { name: 'Mei', email: 'mei@example.org' })
    const made = await send(server.url, '/api/projects', { method: 'POST', headers: { cookie: ada.cookie }, body: { name: 'Engine' } })
    project = ((await made.json()) as { id: ProjectId }).id
    await server.parts.database.db.insert(members).values({ projectId: project, userId: mei.id, role: 'editor', joinedAt: 1 })
  })
  afterAll(() => server?.stop())

  test('its use is answered while it runs, and shown in the room while somebody is there', async () => {
    expect(await call(mei, 'GET', 'sandbox/usage')).toEqual({ status: 200, body: { usage: null } })
    expect(await call(mei, 'POST', 'sandbox/start')).toMatchObject({ status: 200, body: { status: 'running' } })
    expect((await call(mei, 'GET', 'sandbox/usage')).body).toMatchObject({
      usage: { memoryBytes: expect.any(Number), startedAt: expect.any(Number) },
    })
    const { documents, sandboxes } = server.parts
    const name = { kind: 'project', projectId: project } as const
    const opened = await documents.open(name)
    const listeners: Parameters<typeof documents.onPeople>[0][] = []
    const log = { debug: () => {} } as never
    const shown = showUsage({ sandboxes, documents: { ...documents, onPeople: (listener) => void listeners.push(listener) }, log, everyMs: 50 })
    listeners[0]?.(project, [mei.id])
    await vi.waitFor(() => expect(readUsage(opened.doc)?.memoryBytes).toBeGreaterThan(0), { timeout: 10_000 })
    await call(ada, 'POST', 'sandbox/kill')
    await vi.waitFor(() => expect([readUsage(opened.doc), readSandbox(opened.doc)?.status]).toEqual([undefined, 'stopped']), { timeout: 10_000 })
    shown.stop()
    await opened.close()
  })

  test('owners set limits, within what there is; editors read them', async () => {
    expect(await call(ada, 'PATCH', 'sandbox/limits', { processes: 300, idleMinutes: 5 })).toMatchObject({ status: 200, body: { processes: 300 } })
    expect(await call(mei, 'GET', 'sandbox/limits')).toMatchObject({ status: 200, body: { processes: 300, idleMinutes: 5 } })
    expect((await call(mei, 'PATCH', 'sandbox/limits', { processes: 400 })).status).toBe(403)
    for (const body of [{ processes: 3 }, { cpus: 64 }, { memoryBytes: 'much' }])
      expect((await call(ada, 'PATCH', 'sandbox/limits', body)).status).toBe(400)
  })

  test('restarting ends its programs and keeps its files; deleting is confirmed, and final', async () => {
    await call(mei, 'POST', 'commands', { command: 'echo kept > note.txt; setsid sleep 8642 >/dev/null 2>&1 & echo' })
    expect(await call(mei, 'POST', 'sandbox/restart')).toMatchObject({ status: 200, body: { status: 'running' } })
    expect(await call(mei, 'POST', 'commands', { command: `cat note.txt; ${countProcesses('^sleep 8642')}` })).toMatchObject({
      body: { stdout: 'kept\n0\n' },
    })
    expect((await call(mei, 'POST', 'sandbox/delete', { confirm: 'Engine' })).status).toBe(403)
    expect(await call(ada, 'POST', 'sandbox/delete', { confirm: 'engine' })).toMatchObject({ status: 400 })
    expect((await call(mei, 'POST', 'commands', { command: 'cat note.txt' })).body).toMatchObject({ stdout: 'kept\n' })
    expect(await call(ada, 'POST', 'sandbox/delete', { confirm: 'Engine' })).toMatchObject({ status: 200, body: { status: 'stopped' } })
    expect((await call(mei, 'POST', 'commands', { command: 'cat note.txt' })).body).toMatchObject({ exitCode: 1 })
  })
})
