import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { sessions } from '../sessions/table.ts'
import { ada, join, makeProject, mei, signUp, tomas } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

type MemberList = { members: { userId: string; name: string; role: string; email?: string }[] }

describeOnDatabases('projects on %s', (database) => {
  let server: TestServer
  let owner: TestPerson
  let editor: TestPerson
  let stranger: TestPerson
  beforeAll(async () => {
    server = await startTestServer({ database })
    owner = await signUp(server.url, ada)
    editor = await signUp(server.url, mei)
    stranger = await signUp(server.url, tomas)
  })
  afterAll(() => server.stop())

  test('the same id again is the same project, and nobody else’s', async () => {
    const id = newId<ProjectId>('prj')
    const first = await owner.json('POST', '/api/projects', { id, name: 'Garden' })
    const again = await owner.json('POST', '/api/projects', { id, name: 'Other name' })
    expect(again).toEqual(first)
    const taken = await stranger.fetch('/api/projects', { method: 'POST', body: { id, name: 'Mine' } })
    expect([taken.status, await taken.text()]).toEqual([409, expect.not.stringContaining('Garden')])
    const { projects } = await stranger.json<{ projects: { id: string }[] }>('GET', '/api/projects')
    expect(projects).toEqual([])
    const both = await Promise.all(
      [1, 2, 3].map(() =>
        editor.fetch('/api/projects', { method: 'POST', body: { id: id.replace(/.$/, (last) => (last === 'f' ? '0' : 'f')), name: 'Race' } }),
      ),
    )
    expect(both.map(({ status }) => status)).toEqual([201, 201, 201])
  })

  test('the most recently changed project is listed first', async () => {
    const a = await makeProject(owner, 'A')
    const b = await makeProject(owner, 'B')
    await owner.json('PATCH', `/api/projects/${a.id}`, { name: 'A again' })
    const { projects } = await owner.json<{ projects: { id: string; name: string }[] }>('GET', '/api/projects')
    const mine = projects.filter(({ id }) => id === a.id || id === b.id)
    expect(mine.map(({ name }) => name)).toEqual(['A again', 'B'])
  })

  test('roles rise through a stronger invite and never fall through a weaker one', async () => {
    const project = await makeProject(owner)
    const heard: [ProjectId, UserId][] = []
    server.parts.projects.onAccessChanged((projectId, userId) => heard.push([projectId, userId]))
    const role = async () => (await editor.json<{ role: string }>('GET', `/api/projects/${project.id}`)).role
    await join(owner, project.id, editor, 'viewer')
    expect(await role()).toBe('viewer')
    await join(owner, project.id, editor, 'editor')
    expect(await role()).toBe('editor')
    await join(owner, project.id, editor, 'viewer')
    expect(await role()).toBe('editor')
    await join(owner, project.id, owner, 'viewer')
    expect(await owner.json('GET', `/api/projects/${project.id}`)).toMatchObject({ role: 'owner' })
    expect(heard.filter(([id]) => id === project.id)).toEqual([
      [project.id, editor.id],
      [project.id, editor.id],
    ])
  })

  describe('links that exist do not undo what was decided about a person', () => {
    const link = async (projectId: string, role: 'editor' | 'viewer') =>
      (await owner.json<{ token: string }>('POST', `/api/projects/${projectId}/invites`, { role })).token
    const accept = async (token: string) => (await editor.fetch(`/api/invites/${token}/accept`, { method: 'POST' })).status
    const roleIn = async (projectId: string) => {
      const answer = await editor.fetch(`/api/projects/${projectId}`)
      return answer.ok ? ((await answer.json()) as { role: string }).role : answer.status
    }

    test('who was removed needs a new one', async () => {
      const { id } = await makeProject(owner)
      const [used, other] = [await link(id, 'editor'), await link(id, 'viewer')]
      expect([await accept(used), await accept(used)]).toEqual([200, 200])
      expect((await owner.fetch(`/api/projects/${id}/members/${editor.id}`, { method: 'DELETE' })).status).toBe(204)
      expect([await accept(used), await accept(other), await roleIn(id)]).toEqual([410, 410, 404])
      expect((await stranger.fetch(`/api/invites/${used}/accept`, { method: 'POST' })).status).toBe(200)
      expect([await accept(await link(id, 'viewer')), await roleIn(id)]).toEqual([200, 'viewer'])
    })

    test('who was made a viewer stays one', async () => {
      const { id } = await makeProject(owner)
      const [used, other] = [await link(id, 'editor'), await link(id, 'editor')]
      await accept(used)
      await owner.json('PATCH', `/api/projects/${id}/members/${editor.id}`, { role: 'viewer' })
      expect([await accept(used), await accept(other), await roleIn(id)]).toEqual([200, 200, 'viewer'])
      expect([await accept(await link(id, 'editor')), await roleIn(id)]).toEqual([200, 'editor'])
    })

    test('a removal and a use at the same time leave nobody in who was removed', async () => {
      for (let round = 0; round < 10; round++) {
        const { id } = await makeProject(owner)
        const [used, other] = [await link(id, 'viewer'), await link(id, 'editor')]
        await accept(used)
        const [removed] = await Promise.all([owner.fetch(`/api/projects/${id}/members/${editor.id}`, { method: 'DELETE' }), accept(other)])
        expect([removed.status, await roleIn(id)]).toEqual([204, 404])
      }
    })
  })

  test('a revoked or expired invite is gone', async () => {
    const project = await makeProject(owner)
    const path = `/api/projects/${project.id}/invites`
    const { id, token } = await owner.json<{ id: string; token: string }>('POST', path, { role: 'editor' })
    expect((await owner.fetch(`${path}/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await owner.fetch(`${path}/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await stranger.fetch(`/api/invites/${token}/accept`, { method: 'POST' })).status).toBe(410)
    expect(await owner.json('GET', path)).toEqual({ invites: [] })
    expect((await stranger.fetch('/api/invites/unknown/accept', { method: 'POST' })).status).toBe(404)
  })

  test('members see each other; email addresses are for owners', async () => {
    const project = await makeProject(owner)
    await join(owner, project.id, editor, 'editor')
    const path = `/api/projects/${project.id}/members`
    const seenByOwner = await owner.json<MemberList>('GET', path)
    expect(seenByOwner.members.map(({ name, email, role }) => [name, email, role])).toEqual([
      ['Ada', 'ada@example.org', 'owner'],
      ['Mei', 'mei@example.org', 'editor'],
    ])
    const seenByEditor = await editor.json<MemberList>('GET', path)
    expect(seenByEditor.members.every((member) => !('email' in member))).toBe(true)
  })

  test('an owner adds by email, changes a role and removes; each is heard of', async () => {
    const project = await makeProject(owner)
    const path = `/api/projects/${project.id}/members`
    const heard: UserId[] = []
    server.parts.projects.onAccessChanged((projectId, userId) => {
      if (projectId === project.id) heard.push(userId)
    })
    await owner.json('POST', path, { email: 'TOMAS@example.org', role: 'viewer' })
    await owner.json('POST', path, { email: 'tomas@example.org', role: 'viewer' })
    expect((await owner.fetch(path, { method: 'POST', body: { userId: stranger.id, role: 'owner' } })).status).toBe(409)
    expect((await owner.fetch(path, { method: 'POST', body: { email: 'nobody@example.org', role: 'viewer' } })).status).toBe(404)
    expect(await owner.json('PATCH', `${path}/${stranger.id}`, { role: 'editor' })).toMatchObject({ role: 'editor' })
    expect((await owner.fetch(`${path}/${stranger.id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await stranger.fetch(`/api/projects/${project.id}`)).status).toBe(404)
    expect((await owner.fetch(`${path}/${stranger.id}`, { method: 'DELETE' })).status).toBe(404)
    expect(heard).toEqual([stranger.id, stranger.id, stranger.id])
  })

  test('a member may leave; nobody but an owner removes somebody else', async () => {
    const project = await makeProject(owner)
    await join(owner, project.id, editor, 'editor')
    await join(owner, project.id, stranger, 'viewer')
    const path = `/api/projects/${project.id}/members`
    expect((await editor.fetch(`${path}/${stranger.id}`, { method: 'DELETE' })).status).toBe(403)
    expect((await editor.fetch(`${path}/${owner.id}`, { method: 'DELETE' })).status).toBe(403)
    expect((await stranger.fetch(`${path}/${stranger.id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await stranger.fetch(path)).status).toBe(404)
  })

  test('two owners who leave at the same moment leave one behind', async () => {
    const project = await makeProject(owner)
    const path = `/api/projects/${project.id}/members`
    await owner.json('POST', path, { userId: editor.id, role: 'owner' })
    const answers = await Promise.all([
      owner.fetch(`${path}/${owner.id}`, { method: 'DELETE' }),
      editor.fetch(`${path}/${editor.id}`, { method: 'DELETE' }),
    ])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409])
    const alone = await makeProject(owner)
    const demoted = await owner.fetch(`/api/projects/${alone.id}/members/${owner.id}`, { method: 'PATCH', body: { role: 'viewer' } })
    expect(demoted.status).toBe(409)
  })

  test('a deleted project is gone with what it held, and the listeners learn which sessions went', async () => {
    const project = await makeProject(owner)
    const sessionId = newId<SessionId>('ses')
    await server.parts.database.db
      .insert(sessions)
      .values({ id: sessionId, projectId: project.id, title: 'Talk', createdBy: owner.id, createdAt: 1, updatedAt: 1 })
    const gone: unknown[] = []
    server.parts.events.listen('test', { 'project.deleted': (event) => void gone.push(event) })
    expect((await owner.fetch(`/api/projects/${project.id}`, { method: 'DELETE' })).status).toBe(204)
    expect(gone).toEqual([{ type: 'project.deleted', projectId: project.id, sessionIds: [sessionId], sandbox: null }])
    expect((await owner.fetch(`/api/projects/${project.id}`)).status).toBe(404)
    expect(await server.parts.projects.roleOf(owner.id, project.id)).toBeUndefined()
  })
})

test('nobody finds out by adding members who has an account', async () => {
  const server = await startTestServer()
  try {
    const owner = await signUp(server.url, ada)
    const project = await makeProject(owner)
    const probe = (n: number) =>
      owner.fetch(`/api/projects/${project.id}/members`, { method: 'POST', body: { email: `guess${n}@example.org`, role: 'viewer' } })
    for (let n = 0; n < 20; n += 1) expect((await probe(n)).status).toBe(404)
    expect((await probe(20)).status).toBe(429)
  } finally {
    await server.stop()
  }
})
