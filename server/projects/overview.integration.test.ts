import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ItemId, ProjectId, RunId, SessionId, StepId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Overview, ProjectActivity } from '#shared/projects/overview.ts'
import { runs, steps } from '../runs/table.ts'
import { sessions } from '../sessions/table.ts'
import { ada, join, makeProject, mei, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { members, projects } from './table.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

const overviewOf = (person: TestPerson) => person.json<Overview>('GET', '/api/overview')

describeOnDatabases('the overview on %s', (database) => {
  let server: TestServer
  let owner: TestPerson
  let guest: TestPerson
  beforeAll(async () => {
    server = await startTestServer({ database })
    owner = await signUp(server.url, ada)
    guest = await signUp(server.url, mei)
  })
  afterAll(() => server.stop())

  const addSession = async (projectId: ProjectId, title: string, at: number, run?: { status: string; tokens: number; createdAt?: number }) => {
    const { db } = server.parts.database
    const id = newId<SessionId>('ses')
    const runId = newId<RunId>('run')
    await db.insert(sessions).values({ id, projectId, title, createdBy: owner.id, createdAt: at, updatedAt: at, runId: run ? runId : null })
    if (!run) return id
    await db.insert(runs).values({
      id: runId,
      projectId,
      sessionId: id,
      agentId: 'builder' as never,
      agentName: 'Builder',
      causedBy: owner.id,
      status: run.status as never,
      error: run.status === 'failed' ? { code: 'model_failed', message: 'The key is missing.' } : null,
      createdAt: run.createdAt ?? Date.now(),
      endedAt: at,
    })
    await db.insert(steps).values({
      id: newId<StepId>('stp'),
      runId,
      turn: 1,
      index: 0,
      kind: 'model',
      itemId: newId<ItemId>('itm'),
      name: 'scripted',
      status: 'ok',
      inputTokens: run.tokens - 5,
      outputTokens: 5,
      createdAt: 1,
    })
    return id
  }
  const of = (overview: Overview, id: string): ProjectActivity | undefined => overview.projects.find((project) => project.id === id)

  test('Ada sees who is there, what runs and what was used; Mei sees nothing of a project that is not hers', async () => {
    const garden = await makeProject(owner, 'Garden')
    const shed = await makeProject(owner, 'Shed')
    await join(owner, garden.id, guest, 'viewer')
    await addSession(garden.id, 'Old', 1000, { status: 'completed', tokens: 900, createdAt: 1000 })
    await addSession(garden.id, 'Beds', 3000, { status: 'failed', tokens: 120 })
    const waiting = await addSession(garden.id, 'Paths', 2000, { status: 'waiting', tokens: 80 })
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/yjs/project/${garden.id}`, { headers: { cookie: guest.cookie } })
    await once(socket, 'message')
    const seen = await overviewOf(owner)
    expect(of(seen, garden.id)).toMatchObject({
      here: [{ id: guest.id, name: 'Mei' }],
      sessions: 3,
      running: 1,
      tokens: 200,
      agents: [{ id: 'builder', status: 'waiting', session: { id: waiting, title: 'Paths' } }],
      last: { title: 'Beds', at: 3000, run: { agentId: 'builder', status: 'failed', error: 'The key is missing.' } },
    })
    expect(of(seen, shed.id)).toEqual({ id: shed.id, here: [], agents: [], sessions: 0, running: 0, tokens: 0, last: null })
    expect(seen.spend).toEqual([{ agentId: 'builder', tokens: 200 }])
    const guests = await overviewOf(guest)
    expect(guests.projects.map(({ id }) => id)).toEqual([garden.id])
    socket.close()
  })

  test('200 projects with 20 sessions each are answered at once', async () => {
    const { db } = server.parts.database
    const now = Date.now()
    const many = Array.from({ length: 200 }, (_, at) => ({
      id: newId<ProjectId>('prj'),
      name: `Plot ${at}`,
      createdBy: guest.id,
      createdAt: now,
      updatedAt: now,
    }))
    await db.insert(projects).values(many)
    await db.insert(members).values(many.map(({ id }) => ({ projectId: id, userId: guest.id, role: 'owner' as const, joinedAt: now })))
    const talks = many.flatMap(({ id }) =>
      Array.from({ length: 20 }, (_, at) => ({
        id: newId<SessionId>('ses'),
        projectId: id,
        title: `Talk ${at}`,
        createdBy: guest.id,
        createdAt: at,
        updatedAt: at,
      })),
    )
    for (let at = 0; at < talks.length; at += 1000) await db.insert(sessions).values(talks.slice(at, at + 1000))
    await overviewOf(guest)
    const before = performance.now()
    const seen = await overviewOf(guest)
    const tookMs = performance.now() - before
    expect(of(seen, many[0]?.id ?? '')).toMatchObject({ sessions: 20, last: { title: 'Talk 19' } })
    expect(seen.projects.length).toBeGreaterThanOrEqual(200)
    process.stdout.write(`overview of ${seen.projects.length} projects on ${database}: ${Math.round(tookMs)} ms\n`)
  })
})
