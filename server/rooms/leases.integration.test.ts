import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ProjectId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Database } from '../db/port.ts'
import { openPostgres } from '../db/postgres.ts'
import { seedProject, silent, testUser } from '../sync/testing/room.ts'
import { createPostgresDatabase, openTestDatabase } from '../testing/database.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { needs } from '../testing/require.ts'
import { fence } from './service.ts'
import { createLeases } from './leases.ts'
import { leaseLimits } from './limits.ts'
import type { Leases } from './port.ts'
import { isGone, type ProcessIdentity, thisProcess } from './process-identity.ts'
import { processOn } from './testing/elsewhere.ts'
import { orphanRoom } from './testing/orphan-room.ts'

const made: Leases[] = []
const leasesOf = (database: Database, me: ProcessIdentity, lingerMs?: number) => {
  const leases = createLeases({ database, me, log: silent, ...(lingerMs !== undefined && { lingerMs }) })
  made.push(leases)
  return leases
}
const stopAll = async () => {
  for (const one of made.splice(0)) await one.stop()
}

describeOnDatabases('the lease of a room on %s', (kind) => {
  let database: Database
  let projectId: ProjectId
  beforeEach(async () => {
    database = await openTestDatabase(kind)
    projectId = await seedProject(database, testUser('Ada'))
  })
  afterEach(async () => {
    await stopAll()
    await database.close()
  })

  test('all who hold it here share one, and it is given back when the last has let go', async () => {
    const leases = leasesOf(database, processOn('here'), 0)
    const [first, second] = await Promise.all([leases.hold(projectId), leases.hold(projectId)])
    expect(first.lease).toBe(second.lease)
    expect(leases.current(projectId)).toBe(first.lease)
    first.release()
    first.release()
    const third = await leases.hold(projectId)
    expect(third.lease).toBe(first.lease)
    second.release()
    third.release()
    await vi.waitFor(() => expect(leases.count()).toBe(0))
    expect(first.lease.lost).toBe(true)
    const again = await leases.hold(projectId)
    expect(again.lease.epoch).toBe(first.lease.epoch + 1)
  })

  test('one that somebody comes back to in time is not given back', async () => {
    const leases = leasesOf(database, processOn('here'))
    const { lease, release } = await leases.hold(projectId)
    release()
    expect((await leases.hold(projectId)).lease).toBe(lease)
  })

  test('a project that is not there has none', async () => {
    const leases = leasesOf(database, processOn('here'))
    await expect(leases.hold(newId<ProjectId>('prj'))).rejects.toThrow('does not exist')
    await expect(leases.tryHold(newId<ProjectId>('prj'))).rejects.toThrow('does not exist')
  })

  test('a transaction under it fails as soon as somebody else has the room', async () => {
    const { lease } = await leasesOf(database, processOn('here')).hold(projectId)
    await database.transaction((tx) => fence(database, tx, lease))
    await orphanRoom(database, projectId)
    const { lease: theirs } = await leasesOf(database, processOn('there')).hold(projectId)
    expect(theirs.epoch).toBe(lease.epoch + 1)
    await expect(database.transaction((tx) => fence(database, tx, lease))).rejects.toThrow('another server process')
    await database.transaction((tx) => fence(database, tx, theirs))
  })
})

describe('processes that share a Postgres', await needs('postgres'), () => {
  let database: Database
  let drop: () => Promise<unknown>
  let projectId: ProjectId
  beforeEach(async () => {
    const { url, drop: dropIt } = await createPostgresDatabase()
    drop = dropIt
    database = await openPostgres(url)
    projectId = await seedProject(database, testUser('Ada'))
  })
  afterEach(async () => {
    await stopAll()
    await database.close()
    await drop()
  })
  const expire = (id: string) => database.rows(sql`update processes set expires_at = 0 where id = ${id} returning 1 as done`)

  test('who lives keeps its room; who says nothing for as long as a lease lasts has lost it, and hears so', async () => {
    const here = processOn('here')
    const ours = leasesOf(database, here)
    const lost = vi.fn<(projectId: ProjectId) => void>()
    ours.onLost(lost)
    const { lease } = await ours.hold(projectId)
    const others = leasesOf(database, processOn('there'))
    expect(await others.tryHold(projectId)).toBeUndefined()
    // It says that it lives.
    const until = async () =>
      (await database.rows<{ at: number }>(sql`select expires_at::float8 as at from processes where id = ${here.id}`))[0]?.at ?? 0
    const before = await until()
    await vi.waitFor(async () => expect(await until()).toBeGreaterThan(before), leaseLimits.heartbeatMs * 4)
    expect(await others.tryHold(projectId)).toBeUndefined()

    await vi.waitFor(async () => {
      await expire(here.id)
      expect(await others.tryHold(projectId)).toBeDefined()
    })
    await vi.waitFor(() => expect(lost).toHaveBeenCalledWith(projectId), leaseLimits.heartbeatMs * 4)
    expect(lease.lost).toBe(true)
    expect(ours.current(projectId)).toBeUndefined()
  })

  test('a room whose owner stops is free at once', async () => {
    const ours = leasesOf(database, processOn('here'))
    await ours.hold(projectId)
    const others = leasesOf(database, processOn('there'))
    expect(await others.tryHold(projectId)).toBeUndefined()
    await ours.stop()
    expect(await others.tryHold(projectId)).toBeDefined()
  })

  test('a room of a process of this machine that is dead is free at once; of one with its pid elsewhere it is not', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await once(child, 'exit')
    const me = thisProcess()
    const dead = { ...me, id: 'dead', pid: child.pid ?? 0 }
    await leasesOf(database, dead).hold(projectId)
    // Two containers with one host name, and pid 1 in both.
    const container = { ...dead, id: 'container', machine: `${me.machine} of another container` }
    expect(isGone(dead, container)).toBe(false)
    expect(await leasesOf(database, container).tryHold(projectId)).toBeUndefined()
    expect(await leasesOf(database, me).tryHold(projectId)).toBeDefined()
  })

  test('many who ask for one room at once: one gets it', async () => {
    const asking = Array.from({ length: 8 }, (_, at) => leasesOf(database, processOn(`machine ${at}`)))
    const got = await Promise.all(asking.map((leases) => leases.tryHold(projectId)))
    expect(got.filter((hold) => hold !== undefined)).toHaveLength(1)
  })

  test('two of one process ask at once and share it', async () => {
    const leases = leasesOf(database, processOn('here'))
    const [one, two] = await Promise.all([leases.tryHold(projectId), leases.hold(projectId)])
    expect(one?.lease).toBe(two.lease)
  })
})
