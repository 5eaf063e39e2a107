import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { join, makeProject, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startDeployment } from '../testing/deployment.ts'
import type { Deployment } from '../testing/deployment.ts'
import { needs } from '../testing/require.ts'
import { openWriter } from '../testing/writer.ts'
import type { Writer } from '../testing/writer.ts'

describe('what the compose file starts, really run', await needs('postgres', 'nginx'), () => {
  const cleanUp: (() => unknown)[] = []
  let place: Deployment
  let people: TestPerson[]
  let project: string
  let writers: Writer[]

  beforeAll(async () => {
    place = await startDeployment(cleanUp)
    await becomesReady(60_000)
    people = [await firstAccount(), await signUp(place.url, { name: 'Mei', email: 'mei@example.org' })]
    const [ada, mei] = people as [TestPerson, TestPerson]
    project = (await makeProject(ada)).id
    await join(ada, project, mei, 'editor')
  })
  afterAll(async () => {
    for (const step of cleanUp.splice(0).toReversed()) await step()
  })
  beforeEach(async () => {
    writers = people.map((person) => openWriter(place.url, person, project))
    for (const writer of writers) writer.type()
    await allSaved(30_000, (writer) => writer.saved() > 10)
  })
  afterEach(() => writers.forEach((writer) => writer.close()))

  const secondsSince = (at: number) => Math.round((performance.now() - at) / 100) / 10

  async function ready(): Promise<{ status: number; says: string | undefined }> {
    const answer = await fetch(`${place.url}/api/ready`)
    const text = await answer.text()
    const body = answer.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as { status?: string; error?: { message: string } }) : {}
    return { status: answer.status, says: body.error?.message ?? body.status }
  }
  const becomesReady = (timeout: number) =>
    vi.waitFor(async () => expect(await ready()).toEqual({ status: 200, says: 'ready' }), { timeout, interval: 50 })
  const allSaved = (timeout: number, holds: (writer: Writer) => boolean) =>
    vi.waitFor(() => expect(writers.map(holds)).toEqual(writers.map(() => true)), { timeout, interval: 20 })

  /** Through a proxy, so it shows the code that the server has printed. */
  async function firstAccount(): Promise<TestPerson> {
    const setupCode = await vi.waitFor(() => {
      const code = /#setup=(\S+)/.exec(place.output())?.[1]
      if (code === undefined) throw new Error(`no setup code:\n${place.output()}`)
      return code
    })
    const ada = { name: 'Ada', email: 'ada@example.org' }
    await expect(signUp(place.url, ada)).rejects.toThrow('403')
    return signUp(place.url, { ...ada, setupCode })
  }

  /** What a newcomer is shown, of all that was said to be saved. */
  async function lost(counts: readonly number[]): Promise<string[]> {
    const reader = openWriter(place.url, people[1] as TestPerson, project)
    await reader.board.synced()
    const missing = writers.flatMap((writer, at) => writer.missingIn(reader.board.doc, counts[at] ?? 0))
    reader.close()
    return missing
  }

  test('the server is made anew at another address while people write: nothing is lost, and they go on within 10 s', async () => {
    const savedBefore = writers.map((writer) => writer.saved())
    const startedAt = performance.now()
    expect(await place.remove()).toBe(0)
    const stopped = secondsSince(startedAt)
    // Where no server is, nginx says so.
    await vi.waitFor(async () => expect([502, 504]).toContain((await ready()).status), { timeout: 10_000, interval: 50 })
    const savedAtEnd = writers.map((writer) => writer.saved())
    place.create('127.0.0.2')
    const createdAt = performance.now()
    await becomesReady(30_000)
    const served = secondsSince(createdAt)
    const atReady = writers.map((writer) => writer.written())
    await allSaved(30_000, (writer) => writer.saved() >= (atReady[writers.indexOf(writer)] ?? 0))
    const goneOn = secondsSince(createdAt)
    for (const writer of writers) writer.rest()
    await allSaved(30_000, (writer) => writer.saved() === writer.written())
    expect(savedAtEnd.every((count, at) => count >= (savedBefore[at] ?? 0))).toBe(true)
    expect(await lost(writers.map((writer) => writer.written()))).toEqual([])
    // No answer of before stays behind.
    for (let round = 0; round < 20; round++) expect((await ready()).status).toBe(200)
    console.log(`made anew: stopped in ${stopped} s, ready ${served} s after its start, everybody's edits saved after ${goneOn} s, 0 lost`)
    // Where the machine is so busy that the start alone takes longer, so may the rest.
    expect(goneOn).toBeLessThan(Math.max(10, 2 * served))
  })

  test('the database takes no writes for a while: everybody is told, and what was typed meanwhile is saved soon after', async () => {
    const [ada] = people as [TestPerson]
    const says = 'The database takes no writes: it is read-only.'
    const failedAt = performance.now()
    await place.admin`alter system set default_transaction_read_only = on`
    await place.admin`select pg_reload_conf()`
    await vi.waitFor(async () => expect(await ready()).toEqual({ status: 503, says }), { timeout: 10_000, interval: 20 })
    const told = secondsSince(failedAt)
    const refused = await ada.fetch('/api/projects', { method: 'POST', body: { name: 'Meadow' } })
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
      503,
      '5',
      { error: expect.objectContaining({ code: 'unavailable', message: says }) },
    ])
    // Reading goes on, and nobody is told that an edit is saved.
    expect((await ada.fetch('/api/projects')).status).toBe(200)
    const savedThen = writers.map((writer) => writer.saved())
    const writtenThen = writers.map((writer) => writer.written())
    await vi.waitFor(() => expect(writers.map((writer, at) => writer.written() >= (writtenThen[at] ?? 0) + 100)).toEqual([true, true]), {
      timeout: 60_000,
    })
    expect(writers.map((writer) => writer.saved())).toEqual(savedThen)
    const away = secondsSince(failedAt)

    const backAt = performance.now()
    await place.admin`set default_transaction_read_only = off`
    await place.admin`alter system reset default_transaction_read_only`
    await place.admin`select pg_reload_conf()`
    await becomesReady(30_000)
    const served = secondsSince(backAt)
    const typed = writers.map((writer) => writer.written())
    await allSaved(30_000, (writer) => writer.saved() >= (typed[writers.indexOf(writer)] ?? 0))
    const goneOn = secondsSince(backAt)
    expect((await ada.fetch('/api/projects', { method: 'POST', body: { name: 'Meadow' } })).status).toBe(201)
    for (const writer of writers) writer.rest()
    await allSaved(30_000, (writer) => writer.saved() === writer.written())
    expect(await lost(writers.map((writer) => writer.written()))).toEqual([])
    console.log(`read-only for ${away} s: told after ${told} s; ready ${served} s after its end, all that was typed saved after ${goneOn} s, 0 lost`)
    expect(told).toBeLessThan(3)
    expect(goneOn).toBeLessThan(10)
  })
})
