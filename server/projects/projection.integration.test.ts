import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readPeople, readProject } from '#shared/projects/doc.ts'
import { ada, join, makeProject, mei, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'

let server: TestServer
let owner: TestPerson
let guest: TestPerson
beforeAll(async () => {
  server = await startTestServer()
  owner = await signUp(server.url, ada)
  guest = await signUp(server.url, mei)
})
afterAll(() => server.stop())

test('the room shows its name and people, and every change of them', async () => {
  const project = await makeProject(owner)
  const room = await server.parts.documents.open({ kind: 'project', projectId: project.id })
  const people = () => readPeople(room.doc).map(({ name, role }) => `${name}: ${role}`)
  expect(readProject(room.doc)).toEqual({ id: project.id, name: 'Garden', viewersMayWrite: false })
  expect(people()).toEqual(['Ada: owner'])

  await join(owner, project.id, guest, 'viewer')
  await vi.waitFor(() => expect(people()).toEqual(['Ada: owner', 'Mei: viewer']))
  await owner.json('PATCH', `/api/projects/${project.id}/members/${guest.id}`, { role: 'editor' })
  await vi.waitFor(() => expect(people()).toEqual(['Ada: owner', 'Mei: editor']))
  await owner.json('PATCH', `/api/projects/${project.id}`, { name: 'Orchard' })
  await vi.waitFor(() => expect(readProject(room.doc)?.name).toBe('Orchard'))
  await owner.fetch(`/api/projects/${project.id}/members/${guest.id}`, { method: 'DELETE' })
  await vi.waitFor(() => expect(people()).toEqual(['Ada: owner']))
  await room.close()
})

test('what changed while nobody looked is there when the room is opened', async () => {
  const project = await makeProject(owner)
  const name = { kind: 'project', projectId: project.id } as const
  const first = await server.parts.documents.open(name)
  await first.flushed()
  await first.close()
  await vi.waitFor(() => expect(server.parts.documents.isLoaded(name)).toBe(false), { timeout: 15_000 })
  await owner.json('PATCH', `/api/projects/${project.id}`, { name: 'Renamed' })
  await join(owner, project.id, guest, 'editor')
  const second = await server.parts.documents.open(name)
  expect(readProject(second.doc)?.name).toBe('Renamed')
  expect(readPeople(second.doc).map((person) => person.name)).toEqual(['Ada', 'Mei'])
  await second.close()
})

test('a project that is gone cannot be opened', async () => {
  const project = await makeProject(owner)
  await owner.fetch(`/api/projects/${project.id}`, { method: 'DELETE' })
  await expect(server.parts.documents.open({ kind: 'project', projectId: project.id })).rejects.toMatchObject({ code: 'not_found' })
})
