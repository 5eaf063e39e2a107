import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { withLogFields } from '../base/log-fields.ts'
import type { Database, Db } from '../db/port.ts'
import { captureLog } from '../testing/captured-log.ts'
import { openTestDatabase } from '../testing/database.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { outboxLimits } from './limits.ts'
import type { EventOf, Listeners } from './port.ts'
import { createEvents, type Events } from './service.ts'
import { removeOld } from './store.ts'

type Removed = EventOf<'member.removed'>
const userId = newId<UserId>('usr')

describeOnDatabases('events on %s', (kind) => {
  let database: Database
  let made: Events[]
  let garden: ProjectId
  let lake: ProjectId
  beforeEach(async () => {
    database = await openTestDatabase(kind)
    made = []
    garden = newId('prj')
    lake = newId('prj')
  })
  afterEach(async () => {
    for (const events of made) events.stop()
    await database.close()
  })

  const removed = (projectId: ProjectId): Removed => ({ type: 'member.removed', projectId, userId })
  /** A process with one feature, which hears of removals. */
  function hear(listener: Listeners['member.removed'], { me = 'here', hostId = null as string | null, tellOthers = () => {} } = {}) {
    const { log } = captureLog()
    const events = createEvents({ database, me, hostId, tellOthers, log, wait: () => 5 })
    events.listen('test', { 'member.removed': listener })
    made.push(events)
    return events
  }
  const rows = () =>
    database.rows<{ attempts: number; delivered: boolean }>(sql`select attempts, delivered_at is not null as delivered from outbox order by id`)
  /** As a process that died right after the commit left it. */
  async function leave(projectId: ProjectId, { claimedBy = null as string | null, hostId = null as string | null } = {}) {
    await database.rows(sql`insert into outbox (project_id, host_id, type, payload, created_at, due_at, claimed_by, attempts)
      values (${projectId}, ${hostId}, 'member.removed', ${JSON.stringify({ projectId, userId })}::jsonb, 0, 0, ${claimedBy}, ${claimedBy === null ? 0 : 1})`)
  }

  test('what a transaction made true is told after its commit, and nothing of one that was undone', async () => {
    const heard: unknown[] = []
    const events = hear((event) => void heard.push(event))
    await database.transaction(async (tx) => {
      await events.add(tx, removed(garden))
      expect(heard).toEqual([])
    })
    await events.delivered(garden)
    expect(heard).toEqual([removed(garden)])
    const undone = database.transaction(async (tx) => {
      await events.add(tx, removed(garden))
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await events.sweep()
    expect(heard).toHaveLength(1)
    expect(await rows()).toEqual([{ attempts: 1, delivered: true }])
  })

  test('what no feature listens to is not stored, and nothing is outside of a transaction', async () => {
    const events = hear(() => {})
    await database.transaction((tx) => events.add(tx, { type: 'member.changed', projectId: garden, userId, role: 'viewer' }))
    expect(await rows()).toEqual([])
    await expect(events.add(database.db as Db, removed(garden))).rejects.toThrow('no transaction')
  })

  test('who asked, and by which request, stays known', async () => {
    const events = hear(() => {})
    await withLogFields({ requestId: 'req-1', userId }, () => database.transaction((tx) => events.add(tx, removed(garden))))
    await events.delivered(garden)
    expect(await database.rows(sql`select request_id, caused_by from outbox`)).toEqual([
      { request_id: 'req-1', caused_by: { kind: 'user', id: userId } },
    ])
  })

  test('a listener that fails is told again, before it hears of anything later of that project; other projects go on', async () => {
    const told: string[] = []
    let fails = 2
    const events = hear(({ projectId }) => {
      told.push(projectId)
      if (projectId === garden && fails-- > 0) throw new Error('not now')
    })
    await database.transaction(async (tx) => {
      await events.add(tx, removed(garden))
      await events.add(tx, removed(garden))
      await events.add(tx, removed(lake))
    })
    await events.delivered(lake)
    await vi.waitFor(async () => expect((await rows()).every(({ delivered }) => delivered)).toBe(true), { timeout: 10_000 })
    expect(await rows()).toEqual([
      { attempts: 3, delivered: true },
      { attempts: 1, delivered: true },
      { attempts: 1, delivered: true },
    ])
    expect(told.filter((projectId) => projectId === garden)).toHaveLength(4)
  })

  test('one that fails each time is given up, and keeps nothing from what comes after it', async () => {
    const captured = captureLog()
    const events = createEvents({ database, me: 'here', hostId: null, log: captured.log, wait: () => 0 })
    made.push(events)
    let told = 0
    events.listen('test', {
      'member.removed': () => {
        told += 1
        if (told <= outboxLimits.attempts) throw new Error('never')
      },
    })
    await database.transaction(async (tx) => {
      await events.add(tx, removed(garden))
      await events.add(tx, removed(garden))
    })
    await vi.waitFor(
      async () => {
        await events.sweep()
        expect((await rows()).map(({ delivered }) => delivered)).toEqual([false, true])
      },
      { timeout: 30_000 },
    )
    expect(captured.saying('an event was given up: a feature failed each time it was told')).toMatchObject([
      { event: 'member.removed', feature: 'test' },
    ])
  })

  test('what a process took and died with is delivered by another; what a living one has taken is left to it', async () => {
    const heard: ProjectId[] = []
    const events = hear(({ projectId }) => void heard.push(projectId))
    await database.rows(sql`insert into processes (id, machine, pid, url, expires_at) values ('lives', 'm', 1, '', 9000000000000)`)
    await leave(garden, { claimedBy: 'lives' })
    await leave(lake, { claimedBy: 'died' })
    await events.sweep()
    expect(heard).toEqual([lake])
    await database.rows(sql`delete from processes where id = 'lives'`)
    await events.sweep()
    expect(heard).toEqual([lake, garden])
  })

  test('what only the owner of a data folder can do waits for it, and it is told at once', async () => {
    const heard: string[] = []
    let told = 0
    const other = hear(() => void heard.push('there'), { me: 'there', hostId: 'folder-b' })
    const events = hear(() => void heard.push('here'), { hostId: 'folder-a', tellOthers: () => void (told += 1) })
    await database.transaction((tx) => events.add(tx, removed(garden), 'folder-b'))
    await events.sweep()
    expect(heard).toEqual([])
    expect(told).toBe(1)
    await other.sweep()
    expect(heard).toEqual(['there'])
  })

  test('of several processes that look at once, one delivers each', async () => {
    const heard: string[] = []
    const processes = ['a', 'b', 'c'].map((me) => hear(({ projectId }) => void heard.push(projectId), { me }))
    for (const me of ['a', 'b', 'c'])
      await database.rows(sql`insert into processes (id, machine, pid, url, expires_at) values (${me}, 'm', 1, '', 9000000000000)`)
    for (let n = 0; n < 30; n += 1) await leave(newId('prj'))
    for (let n = 0; n < 5; n += 1) await leave(garden)
    await Promise.all(processes.map((events) => events.sweep()))
    await processes[0]?.sweep()
    expect(heard).toHaveLength(35)
    expect(new Set(heard).size).toBe(31)
  })

  test('what was delivered a day ago is removed', async () => {
    const events = hear(() => {})
    for (const projectId of [garden, lake]) await database.transaction((tx) => events.add(tx, removed(projectId)))
    await Promise.all([events.delivered(garden), events.delivered(lake)])
    await database.rows(sql`update outbox set delivered_at = delivered_at - ${outboxLimits.keptMs + 1_000}::bigint where project_id = ${garden}`)
    await removeOld(database.db)
    expect(await database.rows(sql`select project_id from outbox`)).toEqual([{ project_id: lake }])
  })
})
