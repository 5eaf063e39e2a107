import { afterAll, beforeAll, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { projectLimits, readSessions } from '#shared/projects/doc.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { ada as adaIs, makeProject, signUp } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { sessions } from './table.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ database: 'embedded', env: { ATRIUM_SANDBOX: 'off' } })
})
afterAll(() => server.stop())

test('a room with 1,000 sessions shows the latest, stays under 1 MB, and lists the rest over HTTP', async () => {
  const ada = await signUp(server.url, adaIs)
  const { id: projectId } = await makeProject(ada)
  const many = Array.from({ length: 1_000 }, (_, at) => ({
    id: newId<SessionId>('ses'),
    projectId,
    title: `${at} ${'long title '.repeat(17)}`,
    createdBy: ada.id,
    createdAt: at + 1,
    updatedAt: at + 1,
  }))
  await server.parts.database.db.insert(sessions).values(many)

  const room = await server.parts.documents.open({ kind: 'project', projectId })
  expect(readSessions(room.doc).map((session) => session.id)).toEqual(
    many
      .slice(-projectLimits.sessions)
      .reverse()
      .map((session) => session.id),
  )
  for (let at = 0; at < many.length; at += 50) {
    await Promise.all(many.slice(at, at + 50).map(({ id }) => ada.json('PATCH', `/api/sessions/${id}`, { title: 'Renamed' })))
  }
  expect(readSessions(room.doc)).toHaveLength(projectLimits.sessions)
  expect(Y.encodeStateAsUpdate(room.doc).length).toBeLessThan(1024 * 1024)
  await room.close()

  const listed: SessionId[] = []
  let before: number | null = null
  do {
    const page: { sessions: SessionSummary[]; nextBefore: number | null } = await ada.json(
      'GET',
      `/api/projects/${projectId}/sessions?limit=200${before === null ? '' : `&before=${before}`}`,
    )
    listed.push(...page.sessions.map((session) => session.id))
    before = page.nextBefore
  } while (before !== null)
  expect(new Set(listed).size).toBe(1_000)
})
