import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import type { ArtifactId } from '#shared/base/ids.ts'
import { createArtifacts } from '../artifacts/service.ts'
import type { Database } from '../db/port.ts'
import { readReplayable } from '../sync/history.ts'
import { loadDocument } from '../sync/load.ts'
import { seedProject, startRoom, testUser, type TestRoom } from '../sync/testing/room.ts'
import { openTestDatabase } from '../testing/database.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { createRetention } from './service.ts'

const dayMs = 86_400_000
const bytes = new Uint8Array(300_000)

describeOnDatabases('retention on %s', (kind) => {
  let database: Database
  let room: TestRoom
  const lines: Record<string, unknown>[] = []
  const log = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) })
  beforeEach(async () => {
    database = await openTestDatabase(kind)
    room = await startRoom(database, undefined, { lingerMs: 0 })
    lines.length = 0
  })
  afterEach(async () => {
    await room.stop()
    await database.close()
  })

  const retention = (maxDays: number | null = null, budgetMs?: number, now = () => Date.now()) => {
    const artifacts = createArtifacts({ database, clock: { now } })
    const made = createRetention({
      database,
      clock: { now },
      log,
      history: room.sync.history,
      artifacts,
      maxDays,
      ...(budgetMs === undefined ? {} : { budgetMs }),
    })
    return { ...made, artifacts }
  }
  const board = () => room.sync.documents.open({ kind: 'board', projectId: room.projectId })
  /** So many edits, each a row of its own. */
  async function edit(count: number, tag: string): Promise<void> {
    const open = await board()
    for (let i = 0; i < count; i++) {
      open.transact((doc) => doc.getMap('todos').set('t', `${tag} ${i}`))
      await open.flushed()
    }
    await open.close()
  }
  const age = (days: number) =>
    database.rows(sql`update document_updates set at = at - ${days * dayMs}::bigint where project_id = ${room.projectId} returning 1 as done`)
  const ageArtifact = (id: ArtifactId, days: number) =>
    database.rows(sql`update artifacts set created_at = created_at - ${days * dayMs}::bigint where id = ${id} returning 1 as done`)
  async function stored(): Promise<{ json: unknown; vector: Uint8Array }> {
    const doc = new Y.Doc()
    await loadDocument(database, room.board, doc)
    return { json: doc.getMap('todos').toJSON(), vector: Y.encodeStateVector(doc) }
  }
  const hasArtifact = (id: ArtifactId) =>
    createArtifacts({ database, clock: { now: () => Date.now() } })
      .read(room.projectId, id)
      .then(
        () => true,
        () => false,
      )

  test('what is older goes, the rest and the documents stay, and a line says how much it was', async () => {
    const { set, clean, artifacts, of } = retention()
    await edit(30, 'old')
    const [old, young] = [
      await artifacts.keep(room.projectId, 'old', 'text/plain', bytes),
      await artifacts.keep(room.projectId, 'young', 'text/plain', bytes),
    ]
    await age(40)
    await ageArtifact(old, 40)
    await edit(5, 'young')
    const before = await stored()

    await clean()
    expect((await readReplayable(database, room.board)).rows).toHaveLength(35)
    expect(await of(room.projectId)).toMatchObject({ days: null, effectiveDays: null, cleanedAt: null, kept: { outputBytes: 600_000 } })

    expect(await set(room.projectId, 30)).toMatchObject({ days: 30, maxDays: null, effectiveDays: 30, cleanedAt: null })
    await clean()
    expect(await stored()).toEqual(before)
    const kept = await readReplayable(database, room.board)
    expect(kept.from?.seq).toBe(30)
    expect(kept.rows.map(({ seq }) => seq)).toEqual([31, 32, 33, 34, 35])
    expect([await hasArtifact(old), await hasArtifact(young)]).toEqual([false, true])
    const told = lines.filter(({ msg }) => msg === 'history that is older than the project keeps was removed')
    expect(told).toEqual([expect.objectContaining({ projectId: room.projectId, days: 30, updates: 30, artifacts: 1, artifactBytes: 300_000 })])
    expect(Number(told[0]?.bytes)).toBeGreaterThan(0)
    const after = await of(room.projectId)
    expect(after).toMatchObject({ kept: { outputBytes: 300_000 } })
    expect(after.cleanedAt).toBeGreaterThan(Date.now() - dayMs)

    await clean()
    expect(await readReplayable(database, room.board)).toEqual(kept)
    expect(lines).toHaveLength(told.length)
  })

  test('the operator’s maximum holds where nobody chose, and over what somebody chose before', async () => {
    await edit(10, 'old')
    await age(40)
    const before = await stored()
    await retention().set(room.projectId, 365)
    const lowered = retention(30)
    expect(await lowered.of(room.projectId)).toMatchObject({ days: 365, maxDays: 30, effectiveDays: 30 })
    await lowered.clean()
    expect((await readReplayable(database, room.board)).rows).toEqual([])
    expect(await stored()).toEqual(before)

    const untouched = await seedProject(database, testUser('Noor'))
    await lowered.clean()
    expect((await lowered.of(untouched)).cleanedAt).not.toBeNull()
    await expect(lowered.set(untouched, 31)).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(lowered.set(untouched, null)).rejects.toMatchObject({ code: 'invalid_input' })
    expect(await lowered.of(untouched)).toMatchObject({ days: null, effectiveDays: 30 })
  })

  test('it is done once an hour, and at once when an owner chooses again', async () => {
    let now = Date.now()
    const { set, clean, of } = retention(null, undefined, () => now)
    const cleanedAt = async () => (await of(room.projectId)).cleanedAt
    await set(room.projectId, 90)
    await clean()
    const first = now
    now += 60_000
    await clean()
    expect(await cleanedAt()).toBe(first)
    await set(room.projectId, 30)
    now += 1_000
    await clean()
    expect(await cleanedAt()).toBe(now)
    now += 3_700_000
    await clean()
    expect(await cleanedAt()).toBe(now)
  })

  test('what one look does not finish, the next one does', async () => {
    await edit(10, 'old')
    await age(40)
    await retention().set(room.projectId, 30)
    await retention(null, -1).clean()
    expect((await readReplayable(database, room.board)).rows).toHaveLength(10)
    expect((await retention().of(room.projectId)).cleanedAt).toBeNull()
    await retention().clean()
    expect((await readReplayable(database, room.board)).rows).toEqual([])
  })

  test('what a run that waits for people has kept stays until it ends', async () => {
    const { set, clean, artifacts } = retention()
    await set(room.projectId, 7)
    const [before, during] = [
      await artifacts.keep(room.projectId, 'before', 'text/plain', bytes),
      await artifacts.keep(room.projectId, 'during', 'text/plain', bytes),
    ]
    await ageArtifact(before, 30)
    await ageArtifact(during, 10)
    await database.rows(
      sql`insert into sessions (id, project_id, title, created_by, created_at, updated_at) values ('ses_1', ${room.projectId}, '', ${room.ada.id}, 1, 1)`,
    )
    await database.rows(sql`insert into runs (id, project_id, session_id, agent_id, agent_name, caused_by, status, created_at)
      values ('run_1', ${room.projectId}, 'ses_1', 'builder', 'Builder', ${room.ada.id}, 'waiting', ${Date.now() - 20 * dayMs}::bigint)`)
    await clean()
    expect([await hasArtifact(before), await hasArtifact(during)]).toEqual([false, true])
    await database.rows(sql`update runs set status = 'completed' returning 1 as done`)
    await set(room.projectId, 7)
    await clean()
    expect(await hasArtifact(during)).toBe(false)
  })

  test('a document that is open stays open: what is typed meanwhile is saved, and it goes on from there', async () => {
    for (let i = 0; i < 4; i++) await edit(100, `old ${i}`)
    await age(40)
    const tab = room.tab(room.ada).open(room.board)
    await tab.synced()
    const { set, clean } = retention()
    await set(room.projectId, 30)
    let cleaned = false
    const cleaning = clean().then(() => (cleaned = true))
    let typed = 0
    let slowestMs = 0
    while (!cleaned || typed < 5) {
      const startedAt = performance.now()
      tab.doc.getMap('todos').set('t', `typed ${(typed += 1)}`)
      await tab.marked()
      slowestMs = Math.max(slowestMs, performance.now() - startedAt)
    }
    await cleaning
    process.stdout.write(`on ${kind}, ${typed} edits while history was removed, the slowest was saved after ${Math.round(slowestMs)} ms\n`)
    tab.doc.getMap('todos').set('after', 'yes')
    await tab.marked()
    const after = await stored()
    expect(after.json).toEqual({ t: `typed ${typed}`, after: 'yes' })
    expect(after.vector).toEqual(Y.encodeStateVector(tab.doc))
    expect((await readReplayable(database, room.board)).from?.seq).toBe(400)
    tab.provider.destroy()
    // Nobody is there any more: it is unloaded, and loaded again from what is left.
    await vi.waitFor(() => expect(room.sync.documents.isLoaded({ kind: 'board', projectId: room.projectId })).toBe(false), 20_000)
    const open = await board()
    expect(open.doc.getMap('todos').toJSON()).toEqual(after.json)
    await open.close()
  })

  test('a document that is deleted meanwhile leaves nothing behind, and nor does a project', async () => {
    const name = { kind: 'file', projectId: room.projectId, path: 'notes.md' as never } as const
    const open = await room.sync.documents.open(name)
    for (let i = 0; i < 20; i++) {
      open.transact((doc) => doc.getText('content').insert(0, `line ${i}\n`))
      await open.flushed()
    }
    await open.close()
    await age(40)
    const { set, clean } = retention()
    await set(room.projectId, 7)
    await Promise.all([clean(), room.sync.documents.remove([name])])
    const left = (like: string) =>
      database.rows<{ n: number }>(sql`
        select (select count(*) from document_updates where document like ${like}) + (select count(*) from document_history where document like ${like})
          + (select count(*) from document_snapshots where document like ${like}) as n`)
    expect(await left('file/%')).toEqual([{ n: 0 }])
    await edit(20, 'old')
    await age(40)
    await set(room.projectId, 7)
    const cleaning = clean()
    await database.rows(sql`delete from projects where id = ${room.projectId} returning 1 as done`)
    await room.sync.documents.remove([{ kind: 'project', projectId: room.projectId }])
    await cleaning
    expect(await left('board/%')).toEqual([{ n: 0 }])
    expect(lines.filter(({ level }) => Number(level) >= 50)).toEqual([])
    await clean()
  })
})
