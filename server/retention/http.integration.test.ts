import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Retention } from '#shared/retention/schema.ts'
import { seedDataDir } from '../testing/database.ts'
import { ada, join, makeProject, mei, signUp, type TestPerson } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let dataDir: string
let server: TestServer
let owner: TestPerson
let path: string

const start = (most?: string) => startTestServer({ dataDir, env: most === undefined ? {} : { ATRIUM_HISTORY_MAX_DAYS: most } })
const refusal = async (body: unknown) => {
  const answer = await owner.fetch(path, { method: 'PUT', body })
  return { status: answer.status, ...((await answer.json()) as { error: { code: string; message: string } }).error }
}

beforeAll(async () => {
  dataDir = await mkdtemp(joinPath(tmpdir(), 'atrium-retention-'))
  await seedDataDir(dataDir)
  server = await start('90')
  owner = await signUp(server.url, ada)
  path = `/api/projects/${(await makeProject(owner)).id}/retention`
})
afterAll(async () => {
  await server.stop()
  await rm(dataDir, { recursive: true, force: true })
})

test('a project keeps its history as long as the operator allows, until an owner chooses less', async () => {
  expect(await owner.json<Retention>('GET', path)).toEqual({
    days: null,
    maxDays: 90,
    effectiveDays: 90,
    cleanedAt: null,
    kept: { statesBytes: expect.any(Number), outputBytes: 0 },
  })
  expect(await owner.json('PUT', path, { days: 30 })).toMatchObject({ days: 30, maxDays: 90, effectiveDays: 30 })
  expect(await owner.json('PUT', path, { days: 90 })).toMatchObject({ days: 90, effectiveDays: 90 })
})

test('more than the operator allows, and for ever, are refused with what is allowed', async () => {
  expect(await refusal({ days: 91 })).toMatchObject({
    status: 400,
    code: 'invalid_input',
    message: 'This server does not keep history so long. The most is 90 (days).',
  })
  expect(await refusal({ days: null })).toMatchObject({
    status: 400,
    code: 'invalid_input',
    message: 'This server does not keep history for ever. The most is 90 (days).',
  })
  expect(await owner.json('GET', path)).toMatchObject({ days: 90 })
})

test.each([
  [{}, 'body.days: say how many days history is kept, or null for ever'],
  [{ days: '30' }, 'body.days: say how many days history is kept, or null for ever'],
  [{ days: 0 }, 'body.days: say 1 day or more'],
  [{ days: -1 }, 'body.days: say 1 day or more'],
  [{ days: 7.5 }, 'body.days: say a whole number of days'],
  [{ days: 1e12 }, 'body.days: say 3650 days or fewer'],
])('%j is refused', async (body, message) => {
  expect(await refusal(body)).toMatchObject({ status: 400, code: 'invalid_input', message })
})

test('others of the room read it and do not change it', async () => {
  const guest = await signUp(server.url, mei)
  const projectId = path.split('/')[3] ?? ''
  await join(owner, projectId, guest, 'editor')
  expect(await guest.json('GET', path)).toMatchObject({ days: 90 })
  expect((await guest.fetch(path, { method: 'PUT', body: { days: 7 } })).status).toBe(403)
  expect(await owner.json('GET', path)).toMatchObject({ days: 90 })
})

test('when the operator allows less than was chosen, less holds, and what was chosen is still known', async () => {
  await server.stop()
  server = await start('7')
  const read = async () => {
    const { cookie } = owner
    const answer = await fetch(server.url + path, { headers: { cookie } })
    return (await answer.json()) as Retention
  }
  expect(await read()).toMatchObject({ days: 90, maxDays: 7, effectiveDays: 7 })
  await server.stop()
  server = await start()
  expect(await read()).toMatchObject({ days: 90, maxDays: null, effectiveDays: 90 })
})
