import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '#shared/base/new-id.ts'
import type { Resource } from '#shared/wire/call.ts'
import { ada, makeProject, signUp } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { findProject, refTo, resources } from './resources.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

test('every resource leads to its project, and what is not there to none', async () => {
  const owner = await signUp(server.url, ada)
  const project = await makeProject(owner)
  const session = await owner.json<{ id: string }>('POST', `/api/projects/${project.id}/sessions`, { title: 'Plan' })
  const { database } = server.parts
  const find = async (resource: Resource, text: string) => {
    const ref = refTo(resource, text)
    return ref && (await findProject(database, ref))
  }
  expect(await find('project', project.id)).toBe(project.id)
  expect(await find('session', session.id)).toBe(project.id)
  const none = { session: newId('ses'), run: newId('run'), approval: newId('apr') }
  for (const [resource, id] of Object.entries(none)) expect(await find(resource as Resource, id), resource).toBeUndefined()
  for (const resource of Object.keys(resources) as Resource[]) expect(refTo(resource, 'none'), resource).toBeUndefined()
})
