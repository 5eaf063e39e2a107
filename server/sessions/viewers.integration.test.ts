import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Item } from '#shared/sessions/items.ts'
import { readProject } from '#shared/projects/doc.ts'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { ada as adaIs, join, makeProject, signUp, tomas as tomasIs } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'

let server: TestServer
let ada: TestPerson
let tomas: TestPerson
let projectId: ProjectId
let sessionId: SessionId

beforeAll(async () => {
  server = await startTestServer()
  ada = await signUp(server.url, adaIs)
  tomas = await signUp(server.url, tomasIs)
  projectId = (await makeProject(ada)).id
  await join(ada, projectId, tomas, 'viewer')
  sessionId = (await ada.json<{ id: SessionId }>('POST', `/api/projects/${projectId}/sessions`, {})).id
})
afterAll(() => server.stop())

const send = (body: Record<string, unknown>) => tomas.fetch(`/api/sessions/${sessionId}/messages`, { method: 'POST', body })
const allow = (viewersMayWrite: boolean) => ada.json('PATCH', `/api/projects/${projectId}`, { viewersMayWrite })
const said = async () =>
  (await ada.json<{ items: Item[] }>('GET', `/api/sessions/${sessionId}/items`)).items.flatMap((item) => (item.type === 'message' ? [item] : []))

test('a viewer may not write until an owner says so, and an owner alone may say it', async () => {
  expect((await send({ text: 'Hello', to: 'people' })).status).toBe(403)
  expect((await tomas.fetch(`/api/projects/${projectId}`, { method: 'PATCH', body: { viewersMayWrite: true } })).status).toBe(403)
  expect((await ada.fetch(`/api/projects/${projectId}`, { method: 'PATCH', body: {} })).status).toBe(400)
  expect(await ada.json('GET', `/api/projects/${projectId}`)).toMatchObject({ viewersMayWrite: false, name: 'Garden' })
})

test('where they may, they write to people and never to the agent, and the room knows', async () => {
  const room = await server.parts.documents.open({ kind: 'project', projectId })
  await allow(true)
  await vi.waitFor(() => expect(readProject(room.doc)?.viewersMayWrite).toBe(true), { timeout: 5000, interval: 20 })
  await room.close()
  expect((await send({ text: 'Looks good', to: 'people' })).status).toBe(202)
  // Alone in the room, and by its name: still no word to the agent.
  expect((await send({ text: '@agent build a page' })).status).toBe(202)
  for (const more of [{ to: 'agent' }, { mode: 'steer' }, { mode: 'interrupt', to: 'people' }, { model: 'atrium-demo' }])
    expect((await send({ text: 'Build a page', ...more })).status, JSON.stringify(more)).toBe(403)
  const messages = await said()
  expect(messages.map(({ text, to, runId }) => ({ text, to, runId }))).toEqual([
    { text: '@agent build a page', to: 'people', runId: undefined },
    { text: 'Looks good', to: 'people', runId: undefined },
  ])
  expect(await ada.json('GET', `/api/sessions/${sessionId}`)).toMatchObject({ run: null })
})

test('taking it back takes effect at once', async () => {
  await allow(false)
  expect((await send({ text: 'One more', to: 'people' })).status).toBe(403)
})
