import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { users } from '../auth/table.ts'
import { systemClock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import { projects } from '../projects/table.ts'
import { openTestDatabase } from '../testing/database.ts'
import { needs } from '../testing/require.ts'
import type { OperatorCeilings } from './ceilings.ts'
import type { Sandboxes } from './port.ts'
import { createSandboxes } from './service.ts'
import { sandboxes as table, sandboxSettings } from './table.ts'

const log = pino({ level: 'silent' })
const patience = { timeout: 20_000, interval: 50 }
const pace = { tidyMs: 100, queueMs: 200, unusedMs: 0 }

describe('places of sandboxes on a machine', await needs('sandbox'), () => {
  let database: Database
  let dataDir: string
  let sandboxes: Sandboxes
  /** Rooms with somebody in them. */
  const people = new Set<ProjectId>()

  beforeAll(async () => {
    database = await openTestDatabase('embedded')
    dataDir = await mkdtemp(join(tmpdir(), 'atrium-queue-'))
  })
  afterEach(async () => {
    people.clear()
    await sandboxes.stop()
  })
  afterAll(async () => {
    await database?.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  async function open(ceilings: OperatorCeilings): Promise<void> {
    const config = { dataDir, sandbox: { provider: 'local' as const, e2bApiKey: undefined, unsafe: false, egress: [], ceilings } }
    sandboxes = await createSandboxes({ config, database, clock: systemClock, log, pace })
    sandboxes.connect({ peopleIn: (id) => (people.has(id) ? 1 : 0), append: async () => undefined, show: async () => undefined })
  }
  async function person(): Promise<UserId> {
    const id = newId<UserId>('usr')
    await database.db.insert(users).values({ id, name: 'Ada', email: `${id}@example.org`, passwordHash: 'x', admin: false, createdAt: 1 })
    return id
  }
  async function projectOf(createdBy: UserId): Promise<ProjectId> {
    const id = newId<ProjectId>('prj')
    await database.db.insert(projects).values({ id, name: 'Engine', createdBy, createdAt: 1, updatedAt: 1 })
    return id
  }
  const settled = async (project: ProjectId, status: string) =>
    vi.waitFor(async () => expect((await sandboxes.state(project)).status).toBe(status), patience)

  test('one too many waits in words, and starts when another one ends', async () => {
    await open({ running: 1 })
    const [adas, meis] = [await projectOf(await person()), await projectOf(await person())]
    people.add(adas).add(meis)
    await sandboxes.get(adas)
    const told: (string | undefined)[] = []
    sandboxes.onState((id, { status, detail }) => id === meis && told.push(`${status}: ${detail}`))
    expect(await sandboxes.wake(meis)).toMatchObject({ status: 'waiting', detail: 'Waiting for a place: it is the next.' })
    // An agent's call is not held without end.
    await expect(sandboxes.get(meis)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('starts by itself') })
    expect(await database.db.select().from(table).where(eq(table.projectId, meis))).toEqual([])
    await sandboxes.kill(adas)
    await settled(meis, 'running')
    expect(told).toEqual(['waiting: Waiting for a place: it is the next.', 'starting: undefined', 'running: undefined'])
  })

  test('one that nobody uses is paused to make place; one that is in use is not', async () => {
    await open({ running: 2 })
    const [used, idle, next] = [await projectOf(await person()), await projectOf(await person()), await projectOf(await person())]
    people.add(used)
    await sandboxes.get(used)
    await sandboxes.get(idle)
    await sandboxes.get(next, { queueMs: 20_000 })
    expect(await sandboxes.state(idle)).toMatchObject({ status: 'paused', detail: expect.stringContaining('to make a place') })
    expect((await sandboxes.state(used)).status).toBe('running')
  })

  test('a program that goes on keeps the place', async () => {
    await open({ running: 1 })
    const [busy, next] = [await projectOf(await person()), await projectOf(await person())]
    const running = await (await sandboxes.get(busy)).run('sleep 1000')
    people.add(next)
    await expect(sandboxes.get(next, { queueMs: 1_000 })).rejects.toMatchObject({ code: 'unavailable' })
    expect((await sandboxes.state(busy)).status).toBe('running')
    await running.kill()
    await settled(next, 'running')
  })

  test('a person has so many and no more, others are not kept waiting', async () => {
    await open({ running: 10, perPerson: 1 })
    const ada = await person()
    const [first, second, meis] = [await projectOf(ada), await projectOf(ada), await projectOf(await person())]
    people.add(first).add(second)
    await sandboxes.get(first)
    expect(await sandboxes.wake(second)).toMatchObject({ status: 'waiting', detail: expect.stringContaining('as one person may (1)') })
    await sandboxes.get(meis)
    await sandboxes.pause(first)
    await settled(second, 'running')
  })

  test('a wait can be given up, and ends by itself when nobody wants it', async () => {
    await open({ running: 1 })
    const [used, left, gone] = [await projectOf(await person()), await projectOf(await person()), await projectOf(await person())]
    people.add(used).add(left).add(gone)
    await sandboxes.get(used)
    await sandboxes.wake(left)
    await sandboxes.wake(gone)
    expect((await sandboxes.state(gone)).detail).toBe('Waiting for a place: 1 before you.')
    const asked = sandboxes.get(left, { queueMs: 60_000 })
    await Promise.all([expect(asked).rejects.toMatchObject({ code: 'conflict' }), sandboxes.kill(left)])
    expect((await sandboxes.state(left)).status).toBe('stopped')
    expect((await sandboxes.state(gone)).detail).toBe('Waiting for a place: it is the next.')
    people.delete(gone)
    await settled(gone, 'stopped')
  })

  test('memory is one sum: what rests longest loses its memory, not its files', async () => {
    await open({ totalMemoryMb: 700, memoryMb: 512 })
    const [rests, next] = [await projectOf(await person()), await projectOf(await person())]
    await (await sandboxes.get(rests)).files.write('kept.txt' as never, 'kept')
    await sandboxes.pause(rests)
    people.add(next)
    await sandboxes.get(next, { queueMs: 20_000 })
    expect((await sandboxes.state(rests)).status).toBe('stopped')
    await sandboxes.kill(next)
    expect(new TextDecoder().decode(await (await sandboxes.get(rests)).files.read('kept.txt' as never))).toBe('kept')
  })

  test('limits that were stored before are held to the ceilings, and none is set beyond them', async () => {
    await open({ memoryMb: 512, cpus: 1, diskMb: 128, processes: 100 })
    const project = await projectOf(await person())
    const limits = { memoryBytes: 22 * 2 ** 30, diskBytes: 500 * 2 ** 30, processes: 9000, cpus: 64 }
    await database.db.insert(sandboxSettings).values({ projectId: project, limits, updatedAt: 1 })
    const ceilings = { memoryBytes: 512 * 2 ** 20, diskBytes: 128 * 2 ** 20, processes: 100, cpus: 1 }
    expect(await sandboxes.limits(project)).toMatchObject({ ...ceilings, ceilings })
    const sandbox = await sandboxes.get(project)
    expect(await sandbox.usage()).toMatchObject({ memoryLimitBytes: ceilings.memoryBytes, diskLimitBytes: ceilings.diskBytes })
    for (const [name, words] of [
      ['memoryBytes', 'memory: 512 MB'],
      ['diskBytes', 'disk: 128 MB'],
      ['processes', 'processes: 100'],
      ['cpus', 'cpus: 1'],
    ] as const) {
      const wanted = { [name]: ceilings[name] * 2 }
      await expect(sandboxes.setLimits(project, wanted)).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining(words) })
    }
    expect(await sandboxes.setLimits(project, { memoryBytes: 256 * 2 ** 20 })).toMatchObject({ memoryBytes: 256 * 2 ** 20, ceilings })
  })
})
