import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSessions } from '#shared/projects/doc.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { ada as adaIs, join, makeProject, mei as meiIs, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'

describeOnDatabases('sessions that are put away or pinned, on %s', (kind) => {
  let server: TestServer
  let ada: TestPerson
  let mei: TestPerson
  beforeAll(async () => {
    server = await startTestServer({ database: kind, env: { ATRIUM_SANDBOX: 'off', ATRIUM_SIGNUP: 'open' } })
    ada = await signUp(server.url, adaIs)
    mei = await signUp(server.url, meiIs)
  })
  afterAll(() => server.stop())

  const room = async () => {
    const { id } = await makeProject(ada)
    const session = (title: string) => ada.json<SessionSummary>('POST', `/api/projects/${id}/sessions`, { title })
    const titles = async (by: TestPerson, path: string) =>
      (await by.json<{ sessions: SessionSummary[] }>('GET', `/api/projects/${id}/${path}`)).sessions.map(({ title }) => title)
    return { id, session, titles, first: await session('First'), second: await session('Second') }
  }

  test('one that is put away leaves the list and the room, can be read, and comes back by hand or with a message', async () => {
    const { id, titles, first } = await room()
    const document = await server.parts.documents.open({ kind: 'project', projectId: id })
    const shown = () => readSessions(document.doc).map(({ title }) => title)
    const away = await ada.json<SessionSummary>('PATCH', `/api/sessions/${first.id}`, { archived: true })
    expect(away.archivedAt).toBeGreaterThan(0)
    expect(away.updatedAt).toBe(first.updatedAt)
    expect([await titles(ada, 'sessions'), await titles(ada, 'sessions?archived=true'), shown()]).toEqual([['Second'], ['First'], ['Second']])
    expect(await ada.json('GET', `/api/sessions/${first.id}`)).toMatchObject({ title: 'First' })
    expect(await ada.json('GET', `/api/sessions/${first.id}/items`)).toMatchObject({ items: [] })

    await ada.json('PATCH', `/api/sessions/${first.id}`, { archived: false })
    expect(shown().sort()).toEqual(['First', 'Second'])

    await ada.json('PATCH', `/api/sessions/${first.id}`, { archived: true })
    await ada.json('POST', `/api/sessions/${first.id}/messages`, { text: 'Once more', to: 'people' })
    await expect.poll(shown).toEqual(['First', 'Second'])
    expect(await titles(ada, 'sessions?archived=true')).toEqual([])
    await document.close()
  })

  test('viewers put nothing away; an unknown field is refused, and nothing to change, too', async () => {
    const { id, first } = await room()
    await join(ada, id, mei, 'viewer')
    expect((await mei.fetch(`/api/sessions/${first.id}`, { method: 'PATCH', body: { archived: true } })).status).toBe(403)
    for (const body of [{}, { archive: true }, { title: 'x', pinned: true }, { archived: 'yes' }])
      expect((await ada.fetch(`/api/sessions/${first.id}`, { method: 'PATCH', body })).status, JSON.stringify(body)).toBe(400)
  })

  test('a pin is one person’s own, in the order of pinning, and does not show what was put away', async () => {
    const { id, session, titles, first, second } = await room()
    await join(ada, id, mei, 'viewer')
    for (const { id: pinned } of [second, first, second]) await mei.json('PUT', `/api/sessions/${pinned}/pin`)
    expect([await titles(mei, 'pins'), await titles(ada, 'pins')]).toEqual([['Second', 'First'], []])
    await ada.json('PATCH', `/api/sessions/${second.id}`, { archived: true })
    expect(await titles(mei, 'pins')).toEqual(['First'])
    await mei.json('DELETE', `/api/sessions/${first.id}/pin`)
    expect(await titles(mei, 'pins')).toEqual([])

    for (let at = 0; at < 50; at++) await mei.json('PUT', `/api/sessions/${(await session(`${at}`)).id}/pin`)
    expect((await mei.fetch(`/api/sessions/${first.id}/pin`, { method: 'PUT' })).status).toBe(429)
  })
})
