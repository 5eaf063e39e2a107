import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { nameOfErased } from '#shared/people/erased.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { ada, join, makeProject, mei, send, signUp, tomas } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'

const leaving = { name: 'Zephyrine Quill', email: 'zephyrine@example.org' }

describeOnDatabases('a person who is erased, on %s', (database) => {
  let server: TestServer
  let admin: TestPerson
  beforeAll(async () => {
    server = await startTestServer({ database })
    admin = await signUp(server.url, ada)
  })
  afterAll(() => server.stop())

  const erase = (who: TestPerson, body: object = {}) => admin.fetch(`/api/people/${who.id}/erase`, { method: 'POST', body })

  /** Tables in which a text stands, however deep in a row. */
  async function tablesWith(text: string): Promise<string[]> {
    const { rows } = server.parts.database
    const tables = await rows<{ name: string }>(sql`select tablename as name from pg_tables where schemaname = 'public' order by 1`)
    const found: string[] = []
    for (const { name } of tables) {
      const hits = await rows(sql`select 1 from ${sql.identifier(name)} t where strpos(t::text, ${text}) > 0 limit 1`)
      if (hits.length > 0) found.push(name)
    }
    return found
  }

  /** As rooms with a machine leave it behind. */
  async function leaveCopies(projectId: string, who: TestPerson): Promise<void> {
    const { rows } = server.parts.database
    const author = JSON.stringify({ kind: 'user', id: who.id, name: who.name })
    const control = `{"holder":${author},"since":1,"movedAt":1,"idleAt":null,"requests":[{"by":${author},"at":1}],"takenFrom":null}`
    const side = `{"text":"x","cut":false,"authors":[${author}]}`
    const conflict = `{"id":"cfl_1","path":"a.md","at":1,"line":1,"base":"","mine":${side},"disk":${side}}`
    const stopped = JSON.stringify({ code: 'stopped', message: `${who.name} stopped it.` })
    await rows(sql`insert into desktop_control (project_id, version, control) values (${projectId}, 1, ${control}::text::jsonb)`)
    await rows(sql`insert into python_cells (project_id, seq, id, status, data)
      values (${projectId}, 1, 'cel_1', 'ok', ${`{"id":"cel_1","seq":1,"context":"default","status":"ok","author":${author}}`}::text::jsonb)`)
    await rows(sql`insert into file_conflicts (id, project_id, path, data, at) values ('cfl_1', ${projectId}, 'a.md', ${conflict}::text::jsonb, 1)`)
    await rows(sql`insert into document_authors (document, client, from_clock, to_clock, project_id, author, at)
      values (${`file/${projectId}/a.md`}, 1, -1, -1, ${projectId}, ${author}::text::jsonb, 1)`)
    await rows(sql`insert into terminals (id, project_id, sandbox_id, pid, title, created_by, cols, rows, created_at)
      values ('trm_1', ${projectId}, 'sbx', 1, 'Terminal', ${author}::text::jsonb, 80, 24, 1)`)
    await rows(sql`update runs set error = ${stopped}::text::jsonb where project_id = ${projectId}`)
    await rows(sql`update steps set error = ${stopped}::text::jsonb, result = ${`{"answeredBy":${JSON.stringify(who.name)}}`}::text::jsonb`)
  }
  const copied = ['desktop_control', 'document_authors', 'file_conflicts', 'python_cells', 'runs', 'steps', 'terminals']

  async function shownIn(projectId: ProjectId, sessionId: SessionId): Promise<string> {
    const names = [
      { kind: 'project', projectId },
      { kind: 'session', sessionId },
    ] as const
    const texts = names.map(async (name) => {
      const open = await server.parts.documents.open(name)
      const parts = name.kind === 'session' ? (['items'] as const) : []
      const text = JSON.stringify([
        ...parts.map((part) => open.doc.getArray(part).toJSON()),
        ...['people', 'approvals', 'sessions', 'meta', 'states', 'live'].map((part) => open.doc.getMap(part).toJSON()),
      ])
      await open.close()
      return text
    })
    return (await Promise.all(texts)).join('\n')
  }

  test('nothing stored and nothing shown has the name or the address; what was said stays', async () => {
    const gone = await signUp(server.url, leaving)
    const project = await makeProject(admin, 'Garden')
    await join(admin, project.id, gone, 'editor')
    const session = await gone.json<{ id: SessionId }>('POST', `/api/projects/${project.id}/sessions`, { title: 'Talk' })
    await gone.json('PUT', `/api/sessions/${session.id}/pin`).catch(() => undefined)
    await gone.makeKey()
    await gone.json('POST', `/api/sessions/${session.id}/messages`, { text: 'The beds need water', to: 'people' })
    await gone.json('POST', `/api/sessions/${session.id}/messages`, { text: 'Ask for approval to deploy', to: 'agent' })
    const items = async () => (await admin.json<{ items: Record<string, unknown>[] }>('GET', `/api/sessions/${session.id}/items`)).items
    await vi.waitFor(async () => expect((await items()).some(({ type }) => type === 'approval')).toBe(true), { timeout: 20_000 })
    const before = await items()
    await leaveCopies(project.id, gone)
    expect(await tablesWith(leaving.name)).toEqual(expect.arrayContaining(['approvals', 'items', 'users', ...copied]))
    expect(await shownIn(project.id as ProjectId, session.id)).toContain(leaving.name)

    expect((await erase(gone)).status).toBe(204)

    expect(await tablesWith(leaving.name)).toEqual([])
    expect(await tablesWith(leaving.email)).toEqual([])
    expect(await shownIn(project.id as ProjectId, session.id)).not.toContain('Zephyrine')
    const after = await items()
    expect(after.map(({ id }) => id)).toEqual(expect.arrayContaining(before.map(({ id }) => id)))
    expect(after).toContainEqual(expect.objectContaining({ text: 'The beds need water', author: { kind: 'user', id: gone.id, name: nameOfErased } }))
    expect((await send(server.url, '/api/auth/me', { headers: { cookie: gone.cookie } })).status).toBe(401)
    expect((await send(server.url, '/api/auth/sign-in', { method: 'POST', body: { email: leaving.email, password: gone.password } })).status).toBe(
      401,
    )
    for (const table of ['auth_sessions', 'api_keys', 'members', 'session_pins', 'invite_uses'])
      expect(await server.parts.database.rows(sql`select 1 from ${sql.identifier(table)} where user_id = ${gone.id}`)).toEqual([])
    // There is no such account any more, for anything.
    expect((await erase(gone)).status).toBe(404)
    expect((await admin.fetch(`/api/people/${gone.id}/enable`, { method: 'POST', body: {} })).status).toBe(404)
    // The address is free again.
    expect((await signUp(server.url, { ...leaving, name: 'Zoe' })).id).not.toBe(gone.id)
  })

  test('projects that nobody else owns are asked about first: somebody else owns them, or they go', async () => {
    const owner = await signUp(server.url, mei)
    const helper = await signUp(server.url, tomas)
    const shared = await makeProject(owner, 'Orchard')
    const refused = await erase(owner)
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('“Orchard”')])
    expect((await erase(owner, { owner: helper.email })).status).toBe(409)
    expect((await owner.fetch('/api/auth/me')).status).toBe(200)

    await join(owner, shared.id, helper, 'viewer')
    expect((await erase(owner, { owner: helper.email })).status).toBe(204)
    expect(await helper.json('GET', `/api/projects/${shared.id}`)).toMatchObject({ role: 'owner' })

    expect((await erase(helper, { withProjects: true })).status).toBe(204)
    expect(await server.parts.database.rows(sql`select 1 from projects where id = ${shared.id}`)).toEqual([])
  })
})
