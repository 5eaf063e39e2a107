import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ItemId, ProjectId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { SearchPage } from '#shared/sessions/search-hit.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { ada as adaIs, join, makeProject, mei as meiIs, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { appendItems } from './store.ts'
import { sessions } from './table.ts'

describeOnDatabases('what was said in every session, on %s', (kind) => {
  let server: TestServer
  let ada: TestPerson
  let mei: TestPerson
  beforeAll(async () => {
    server = await startTestServer({ database: kind, env: { ATRIUM_SANDBOX: 'off', ATRIUM_SIGNUP: 'open' } })
    ada = await signUp(server.url, adaIs)
    mei = await signUp(server.url, meiIs)
  })
  afterAll(() => server.stop())

  const session = (by: TestPerson, projectId: string, title: string) =>
    by.json<SessionSummary>('POST', `/api/projects/${projectId}/sessions`, { title })
  const say = (by: TestPerson, sessionId: string, text: string) =>
    by.json<{ itemId: ItemId }>('POST', `/api/sessions/${sessionId}/messages`, { text, to: 'people' })
  const search = (by: TestPerson, query: Record<string, string | number>) =>
    by.json<SearchPage>('GET', `/api/search?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`)

  test('hits name project, session, item, author and time, and mark what was found; a script of any kind is found, in any case', async () => {
    const garden = await makeProject(ada, 'Garden')
    const tides = await session(ada, garden.id, 'Tides')
    const said = await say(ada, tides.id, 'The Harbour opens at noon. 港口在中午开放。')
    for (const q of ['harbour OPENS', '中午', '口在']) {
      const { items: hits, nextCursor } = await search(ada, { q })
      expect(hits, q).toMatchObject([
        {
          project: { id: garden.id, name: 'Garden' },
          session: { id: tides.id, title: 'Tides', archived: false },
          item: { id: said.itemId, type: 'message' },
          author: { kind: 'user', name: 'Ada' },
        },
      ])
      const [hit] = hits
      expect(hit?.marks.map(([from, to]) => hit.excerpt.slice(from, to).toLowerCase())).toEqual([q.toLowerCase()])
      expect(nextCursor).toBeNull()
    }
  })

  test('only the sessions of projects that one is a member of now', async () => {
    const mine = await makeProject(ada, 'Mine')
    const shared = await makeProject(ada, 'Shared')
    await join(ada, shared.id, mei, 'viewer')
    const [secret, open] = [await session(ada, mine.id, 'Secret'), await session(ada, shared.id, 'Open')]
    for (const { id } of [secret, open]) await say(ada, id, 'lighthouse')
    const titles = async (by: TestPerson, query: Record<string, string>) => (await search(by, query)).items.map((hit) => hit.session.title).sort()
    expect(await titles(ada, { q: 'lighthouse' })).toEqual(['Open', 'Secret'])
    expect(await titles(ada, { q: 'lighthouse', projectId: mine.id })).toEqual(['Secret'])
    expect(await titles(mei, { q: 'lighthouse' })).toEqual(['Open'])
    expect(await titles(mei, { q: 'lighthouse', projectId: mine.id })).toEqual([])
    await ada.json('DELETE', `/api/projects/${shared.id}/members/${mei.id}`)
    expect(await titles(mei, { q: 'lighthouse' })).toEqual([])
    expect((await fetch(`${server.url}/api/search?q=lighthouse`)).status).toBe(401)
  })

  test('pages follow each other without a gap, at most five of a session, those put away too', async () => {
    const { id: projectId } = await makeProject(ada, 'Long')
    for (const title of ['One', 'Two', 'Three']) {
      const made = await session(ada, projectId, title)
      for (let at = 0; at < 7; at++) await say(ada, made.id, `buoy ${at} of ${title}`)
      if (title === 'Two') await ada.json('PATCH', `/api/sessions/${made.id}`, { archived: true })
    }
    const found: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: SearchPage = await search(ada, { q: 'BUOY', projectId, limit: 2, ...(cursor !== '' && { cursor }) })
      found.push(...page.items.map((hit) => `${hit.excerpt}${hit.session.archived ? ', archived' : ''}`))
      cursor = page.nextCursor
      if (found.length > 40) throw new Error('the search does not end')
    }
    const five = (title: string, end = '') => [6, 5, 4, 3, 2].map((at) => `buoy ${at} of ${title}${end}`)
    expect(found).toEqual([...five('Three'), ...five('Two', ', archived'), ...five('One')])
  })

  test('a search needs something to look for, and a cursor that it gave', async () => {
    for (const query of ['', 'q=%20', 'q=a&limit=0', 'q=a&limit=101', 'q=a&cursor=soon', `q=a&cursor=${btoa('[1,2]')}`])
      expect((await ada.fetch(`/api/search?${query}`)).status, query).toBe(400)
  })

  test('100,000 items in 40 sessions are looked through in a few calls of bounded time; what is newest is found at once', async () => {
    const { id: projectId } = await makeProject(ada, 'Large')
    const { db } = server.parts.database
    const made = Array.from({ length: 40 }, (_, at) => ({
      id: newId<SessionId>('ses'),
      projectId: projectId as ProjectId,
      title: `Session ${at}`,
      createdBy: ada.id,
      createdAt: at + 1,
      updatedAt: at + 1,
      lastSeq: 2_500,
    }))
    await db.insert(sessions).values(made)
    const author = { kind: 'user', id: ada.id, name: 'Ada' } as const
    await server.parts.database.rows(sql`
      insert into items (session_id, seq, id, data)
      select s.id, n, s.id || '-' || n, jsonb_build_object('type', 'message', 'id', s.id || '-' || n, 'seq', n, 'createdAt', 1, 'finishedAt', 1,
        'author', ${JSON.stringify(author)}::jsonb, 'text', repeat('filler ', 50) || n)
      from sessions s, generate_series(1, 2500) n where s.project_id = ${projectId}`)
    const oldest = made[0]?.id as SessionId
    await server.parts.database.transaction(async (tx) => {
      const id = newId<ItemId>('itm')
      await appendItems(tx, oldest, [{ type: 'message', id, createdAt: 1, finishedAt: 1, author, text: 'the needle' }], 1)
    })
    const begun = performance.now()
    let calls = 0
    let hits = 0
    let slowest = 0
    for (let cursor: string | null = ''; cursor !== null; calls++) {
      const from = performance.now()
      const page: SearchPage = await search(ada, { q: 'needle', projectId, ...(cursor !== '' && { cursor }) })
      slowest = Math.max(slowest, performance.now() - from)
      hits += page.items.length
      cursor = page.nextCursor
    }
    process.stdout.write(`100,000 items on ${kind}: ${Math.round(performance.now() - begun)} ms in ${calls} calls\n`)
    expect(hits).toBe(1)
    expect(calls).toBeLessThan(20)
    expect(slowest).toBeLessThan(10_000)
    const at = performance.now()
    expect((await search(ada, { q: 'filler', projectId, limit: 20 })).items).toHaveLength(20)
    expect(performance.now() - at).toBeLessThan(3_000)
  }, 180_000)
})
