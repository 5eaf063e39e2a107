import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Notice } from '#shared/notices/schema.ts'
import { runs } from '../runs/table.ts'
import { sessions } from '../sessions/table.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { ada, join, makeProject, mei, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'

describeOnDatabases('notices on %s', (database) => {
  let server: TestServer
  let owner: TestPerson
  let guest: TestPerson
  beforeAll(async () => {
    server = await startTestServer({ database })
    owner = await signUp(server.url, ada)
    guest = await signUp(server.url, mei)
  })
  afterAll(() => server.stop())

  const noticesOf = async (person: TestPerson) => (await person.json<{ notices: Notice[] }>('GET', '/api/notices')).notices
  const say = (person: TestPerson, sessionId: string, text: string) =>
    person.json('POST', `/api/sessions/${sessionId}/messages`, { text, to: 'people' })
  const openSession = (projectId: string, title: string) => owner.json<{ id: SessionId }>('POST', `/api/projects/${projectId}/sessions`, { title })

  test('Ada is told that Mei named her, and nobody else is', async () => {
    const garden = await makeProject(owner, 'Garden')
    await join(owner, garden.id, guest, 'editor')
    const beds = await openSession(garden.id, 'Beds')
    await say(guest, beds.id, 'Nobody is named here')
    await say(guest, beds.id, `@${ada.name}, the roses\n\nneed water`)
    await say(owner, beds.id, `I, @${ada.name}, wrote this myself`)
    await say(guest, beds.id, `mail ada@${ada.name}.example or \`@${ada.name}\``)
    expect(await noticesOf(owner)).toEqual([
      {
        kind: 'mention',
        id: expect.stringMatching(/^itm_/) as string,
        projectId: garden.id,
        project: 'Garden',
        sessionId: beds.id,
        session: 'Beds',
        at: expect.any(Number) as number,
        by: 'Mei',
        text: `@${ada.name}, the roses need water`,
      },
    ])
    expect(await noticesOf(guest)).toEqual([])
    await owner.json('PATCH', `/api/projects/${garden.id}/members/${guest.id}`, { role: 'owner' })
    await guest.fetch(`/api/projects/${garden.id}/members/${owner.id}`, { method: 'DELETE' })
    expect(await noticesOf(owner)).toEqual([])
  })

  test('who caused a run is told how it ended; a stopped one and one of long ago are no news', async () => {
    const shed = await makeProject(owner, 'Shed')
    await join(owner, shed.id, guest, 'editor')
    const { db } = server.parts.database
    const now = Date.now()
    const add = async (title: string, status: string, endedAt: number) => {
      const [id, runId] = [newId<SessionId>('ses'), newId<RunId>('run')]
      await db.insert(sessions).values({ id, projectId: shed.id, title, createdBy: guest.id, createdAt: endedAt, updatedAt: now, runId })
      const run = { id: runId, projectId: shed.id, sessionId: id, agentId: 'builder' as never, agentName: 'Builder', causedBy: guest.id }
      await db.insert(runs).values({ ...run, status: status as never, createdAt: endedAt, endedAt })
    }
    await add('Roof', 'completed', now - 1000)
    await add('Door', 'failed', now - 2000)
    await add('Stopped', 'cancelled', now - 3000)
    await add('Old', 'completed', now - 90_000_000)
    const told = (await noticesOf(guest)).flatMap((notice) => (notice.kind === 'run' ? [[notice.session, notice.outcome, notice.at]] : []))
    expect(told).toEqual([
      ['Roof', 'completed', now - 1000],
      ['Door', 'failed', now - 2000],
    ])
    expect((await noticesOf(owner)).filter(({ kind }) => kind === 'run')).toEqual([])
  })
})
