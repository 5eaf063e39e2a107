import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { personLimits } from './person-limits.ts'
import { projects } from '../projects/table.ts'
import { sessions } from '../sessions/table.ts'
import { ada as adaIs, join, makeProject, mei as meiIs, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'

let server: TestServer
let ada: TestPerson
let mei: TestPerson
beforeAll(async () => {
  server = await startTestServer({ database: 'embedded', env: { ATRIUM_SANDBOX: 'off' } })
  ada = await signUp(server.url, adaIs)
  mei = await signUp(server.url, meiIs)
})
afterAll(() => server.stop())

const statuses = async (answers: Promise<Response>[]) =>
  Object.fromEntries(Object.entries(Object.groupBy(await Promise.all(answers), ({ status }) => status)).map(([status, all]) => [status, all?.length]))

test('many projects asked for at once are counted too, and the last place is given once', async () => {
  const made = Array.from({ length: personLimits.projects - 3 }, (_, at) => ({
    id: newId<ProjectId>('prj'),
    name: `${at}`,
    createdBy: mei.id,
    createdAt: 1,
    updatedAt: 1,
  }))
  await server.parts.database.db.insert(projects).values(made)
  const asked = Array.from({ length: 20 }, (_, at) => mei.fetch('/api/projects', { method: 'POST', body: { name: `More ${at}` } }))
  expect(await statuses(asked)).toEqual({ 201: 3, 409: 17 })
  // One that was made already is answered as it is, and nobody else is kept from making theirs.
  const kept = await makeProject(ada)
  expect((await ada.fetch('/api/projects', { method: 'POST', body: { id: kept.id, name: 'Again' } })).status).toBe(201)
  const told = await mei.fetch('/api/projects', { method: 'POST', body: { name: 'One more' } })
  expect(await told.text()).toContain(`${personLimits.projects} projects`)
})

test('sessions are counted for who makes them', async () => {
  const project = await makeProject(ada)
  await join(ada, project.id, mei, 'editor')
  const rows = Array.from({ length: personLimits.sessions - 2 }, () => ({
    id: newId<SessionId>('ses'),
    projectId: project.id,
    title: 'Session',
    createdBy: mei.id,
    createdAt: 1,
    updatedAt: 1,
  }))
  for (let at = 0; at < rows.length; at += 2_000) await server.parts.database.db.insert(sessions).values(rows.slice(at, at + 2_000))
  const ask = (person: TestPerson) => person.fetch(`/api/projects/${project.id}/sessions`, { method: 'POST', body: {} })
  expect(await statuses(Array.from({ length: 10 }, () => ask(mei)))).toEqual({ 201: 2, 409: 8 })
  expect((await ask(ada)).status).toBe(201)
})

test('event streams are so many for a person, and one that ends makes place', async () => {
  const project = await makeProject(ada, 'Streams')
  await join(ada, project.id, mei, 'viewer')
  const { id } = await ada.json<{ id: string }>('POST', `/api/projects/${project.id}/sessions`, {})
  const open = async (person: TestPerson) => {
    const abort = new AbortController()
    const answer = await fetch(`${server.url}/api/sessions/${id}/events`, { headers: { cookie: person.cookie }, signal: abort.signal })
    return { answer, end: () => abort.abort() }
  }
  const streams = await Promise.all(Array.from({ length: personLimits.eventStreams }, () => open(mei)))
  expect(new Set(streams.map(({ answer }) => answer.status))).toEqual(new Set([200]))
  const refused = await open(mei)
  expect([refused.answer.status, refused.answer.headers.get('retry-after')]).toEqual([429, '5'])
  const others = await open(ada)
  expect(others.answer.status).toBe(200)
  streams[0]?.end()
  await vi.waitFor(async () => {
    const again = await open(mei)
    again.end()
    expect(again.answer.status).toBe(200)
  }, 10_000)
  for (const { end } of [...streams, others]) end()
})
