import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ItemId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { ItemMatches, ItemPage } from '#shared/sessions/items.ts'
import { fillSession } from '../bench/fill-session.ts'
import { ada as adaIs, makeProject, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { appendItems } from './store.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

describeOnDatabases('the items of a long session on %s', (kind) => {
  let server: TestServer
  let ada: TestPerson
  let sessionId: SessionId
  const long = 25_000

  beforeAll(async () => {
    server = await startTestServer({ database: kind, env: { ATRIUM_SANDBOX: 'off' } })
    ada = await signUp(server.url, adaIs)
    const { id: projectId } = await makeProject(ada)
    sessionId = (await ada.json<{ id: SessionId }>('POST', `/api/projects/${projectId}/sessions`, {})).id
    await fillSession(server.parts.database, sessionId, ada.id, long)
  })
  afterAll(() => server.stop())

  const read = (query: string) => ada.json<ItemPage>('GET', `/api/sessions/${sessionId}/items?${query}`)
  const search = (query: string) => ada.json<ItemMatches>('GET', `/api/sessions/${sessionId}/search?${query}`)
  const seqs = (page: ItemPage) => [page.items[0]?.seq, page.items.at(-1)?.seq]

  test('are read from any place, in both directions, and end where the session ends', async () => {
    const last = await read('limit=10')
    expect([seqs(last), last.nextBefore, last.nextAfter]).toEqual([[long, long - 9], long - 9, null])
    const first = await read('after=0&limit=10')
    expect([seqs(first), first.nextBefore, first.nextAfter]).toEqual([[10, 1], null, 10])
    expect(seqs(await read(`after=${first.nextAfter}&limit=10`))).toEqual([20, 11])
    expect(seqs(await read('before=11&limit=10'))).toEqual([10, 1])
    expect(seqs(await read('around=12000&limit=11'))).toEqual([12005, 11995])
    expect(seqs(await read('around=1&limit=10'))).toEqual([10, 1])
    expect(seqs(await read(`around=${long + 500}&limit=10`))).toEqual([long, long - 9])
  })

  test('are found by id, and an unknown one is said to be so', async () => {
    const id = newId<ItemId>('itm')
    const [stored] = await server.parts.database.transaction((tx) =>
      appendItems(tx, sessionId, [{ type: 'event', id, createdAt: 1, finishedAt: 1, event: 'run_started', text: 'Builder started.' }], 1),
    )
    const page = await read(`around=${id}&limit=5`)
    expect(page.items.map((item) => item.id)).toContain(id)
    expect(page.items[0]?.seq).toBe(stored?.seq)
    expect((await ada.fetch(`/api/sessions/${sessionId}/items?around=${newId('itm')}`)).status).toBe(404)
    expect((await ada.fetch(`/api/sessions/${sessionId}/items?around=${id}&before=3`)).status).toBe(400)
    expect((await ada.fetch(`/api/sessions/${sessionId}/items?around=soon`)).status).toBe(400)
  })

  test('are searched a stretch at a time down to the first, whatever stands in what is searched for', async () => {
    const odd = 'It said "100 % \\ done_" — É!'
    const author = { kind: 'user', id: ada.id, name: 'Ada' } as const
    const id = newId<ItemId>('itm')
    await server.parts.database.transaction((tx) =>
      appendItems(tx, sessionId, [{ type: 'message', id, createdAt: 1, finishedAt: 1, author, text: odd }], 1),
    )
    for (const query of [odd, 'said "100', '% \\ DONE_', '— é!', 'É!'])
      expect(
        (await search(`q=${encodeURIComponent(query)}`)).matches.map((match) => match.id),
        query,
      ).toEqual([id])
    expect((await search(`q=${encodeURIComponent('DONE_')}`)).matches[0]?.excerpt).toContain('done_')
    // Names of fields and authors are no text.
    for (const query of ['finishedAt', 'done%', 'Ada']) expect((await search(`q=${encodeURIComponent(query)}`)).matches, query).toEqual([])

    const found: number[] = []
    let before: number | null = long + 10
    let calls = 0
    while (before !== null) {
      const page: ItemMatches = await search(`q=7+word&limit=200&before=${before}`)
      found.push(...page.matches.map((match) => match.seq))
      before = page.nextBefore
      calls += 1
      if (calls > 60) throw new Error('the search does not end')
    }
    expect(found).toEqual(Array.from({ length: long }, (_, at) => long - at).filter((seq) => seq % 10 === 7))
  })

  test('a search needs something to look for', async () => {
    for (const query of ['', 'q=', 'q=%20', `q=${'x'.repeat(201)}`, 'q=a&limit=0', 'q=a&before=x'])
      expect((await ada.fetch(`/api/sessions/${sessionId}/search?${query}`)).status, query).toBe(400)
  })
})
