import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { users } from '../auth/table.ts'
import { systemClock } from '../base/clock.ts'
import { nowMs } from '../db/now.ts'
import type { Database } from '../db/port.ts'
import { projects } from '../projects/table.ts'
import { createBroadcast } from '../rooms/broadcast.ts'
import { createLeases } from '../rooms/leases.ts'
import { thisProcess } from '../rooms/process-identity.ts'
import { processOn } from '../rooms/testing/elsewhere.ts'
import { openTestDatabase } from '../testing/database.ts'
import { needs } from '../testing/require.ts'
import type { Sandboxes } from './port.ts'
import { createSandboxes } from './service.ts'
import { sandboxes as table } from './table.ts'

const log = pino({ level: 'silent' })
const halfAnHour = 31 * 60_000

const [isolated, shared] = [await needs('sandbox'), await needs('postgres')]

describe('a sandbox whose room another process has', { ...isolated, ...shared }, () => {
  let database: Database
  let dataDir: string
  let sandboxes: Sandboxes
  let ahead = 0
  const me = thisProcess()
  beforeAll(async () => {
    database = await openTestDatabase('postgres')
    dataDir = await mkdtemp(join(tmpdir(), 'atrium-moved-'))
    const leases = createLeases({ database, me, log })
    await leases.start()
    sandboxes = await createSandboxes({
      config: { dataDir, sandbox: { provider: 'local', e2bApiKey: undefined, unsafe: false, egress: [] } },
      database,
      clock: { now: () => systemClock.now() + ahead },
      log,
      pace: { tidyMs: 40 },
      peers: { me, leases, broadcast: createBroadcast({ database, log }) },
    })
    sandboxes.connect({ peopleIn: () => 0, append: async () => [], show: async () => undefined })
  })
  afterAll(async () => {
    await sandboxes?.stop()
    await database?.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  async function start(): Promise<ProjectId> {
    const [user, project] = [newId<UserId>('usr'), newId<ProjectId>('prj')]
    await database.db.insert(users).values({ id: user, name: 'Ada', email: `${user}@example.org`, passwordHash: 'x', admin: false, createdAt: 1 })
    await database.db.insert(projects).values({ id: project, name: 'Engine', createdBy: user, createdAt: 1, updatedAt: 1 })
    await sandboxes.get(project)
    return project
  }
  const statusOf = async (project: ProjectId) => (await database.db.select().from(table).where(eq(table.projectId, project)))[0]?.status

  test('is not paused by the one that had it, which knows nothing of who uses it', async () => {
    const [moved, idle] = [await start(), await start()]
    const other = processOn('another-machine')
    await database.db.execute(
      sql`insert into processes (id, machine, pid, url, expires_at) values (${other.id}, ${other.machine}, 1, '', ${nowMs} + 3600000)`,
    )
    await database.db.execute(sql`insert into leases (project_id, owner, epoch) values (${moved}, ${other.id}, 1)`)
    ahead += halfAnHour
    await vi.waitFor(async () => expect(await statusOf(idle)).toBe('paused'), { timeout: 60_000, interval: 50 })
    // Both were looked at in the same round, and in rounds after it.
    await sandboxes.get(idle)
    ahead += halfAnHour
    await vi.waitFor(async () => expect(await statusOf(idle)).toBe('paused'), { timeout: 60_000, interval: 50 })
    expect(await statusOf(moved)).toBe('running')
  })
})
