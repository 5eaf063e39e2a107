import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { newId } from '#shared/base/new-id.ts'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import { users } from '../auth/table.ts'
import { systemClock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import { projects } from '../projects/table.ts'
import { openTestDatabase } from '../testing/database.ts'
import { openMemoryGroup } from '../testing/memory-group.ts'
import { readStat } from './host/proc.ts'
import type { Sandboxes } from './port.ts'
import { createSandboxes } from './service.ts'
import { needs } from '../testing/require.ts'

const log = pino({ level: 'silent' })
const file = 'notes.txt' as FilePath
const local = (dataDir: string) => ({ dataDir, sandbox: { provider: 'local' as const, e2bApiKey: undefined, unsafe: false, egress: [] } })

async function addProject(database: Database): Promise<ProjectId> {
  const [userId, id] = [newId<UserId>('usr'), newId<ProjectId>('prj')]
  await database.db.insert(users).values({ id: userId, name: 'Ada', email: `${userId}@example.org`, passwordHash: 'x', admin: false, createdAt: 1 })
  await database.db.insert(projects).values({ id, name: 'Engine', createdBy: userId, createdAt: 1, updatedAt: 1 })
  return id
}

describe('the sandbox of a project', await needs('sandbox'), () => {
  let database: Database
  let dataDir: string
  let sandboxes: Sandboxes
  beforeAll(async () => {
    database = await openTestDatabase('embedded')
    dataDir = await mkdtemp(join(tmpdir(), 'atrium-rooms-'))
    sandboxes = await createSandboxes({ config: local(dataDir), database, clock: systemClock, log })
  })
  afterAll(async () => {
    await sandboxes?.stop()
    await database?.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  test('is made on first use, once for all who ask, and told about', async () => {
    const project = await addProject(database)
    const told: string[] = []
    sandboxes.onState((id, { status }) => id === project && told.push(status))
    expect((await sandboxes.state(project)).status).toBe('stopped')
    const [one, two, three] = await Promise.all([sandboxes.get(project), sandboxes.get(project), sandboxes.get(project)])
    expect(new Set([one, two, three]).size).toBe(1)
    expect(await sandboxes.state(project)).toMatchObject({ status: 'running', isolation: sandboxes.isolation })
    expect(told).toEqual(['starting', 'running'])
  })

  test('pauses, ends and comes back with its files; removed, nothing is left', async () => {
    const project = await addProject(database)
    const first = await sandboxes.get(project)
    await first.files.write(file, 'kept')
    expect((await sandboxes.pause(project)).status).toBe('paused')
    await expect(first.files.read(file)).rejects.toMatchObject({ code: 'sandbox_failed' })
    const resumed = await sandboxes.get(project)
    expect(resumed.id).toBe(first.id)
    expect((await sandboxes.kill(project)).status).toBe('stopped')
    expect(new TextDecoder().decode(await (await sandboxes.get(project)).files.read(file))).toBe('kept')
    await sandboxes.remove(project)
    const fresh = await sandboxes.get(project)
    expect(fresh.id).not.toBe(first.id)
    await expect(fresh.files.read(file)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('that dies is seen to be dead, and starts again when it is used', async () => {
    const project = await addProject(database)
    const sandbox = await sandboxes.get(project)
    await (
      await sandbox.run('sleep 0.5; kill -9 -1')
    ).exit
    await vi.waitFor(async () =>
      expect(await sandboxes.state(project)).toMatchObject({ status: 'stopped', detail: expect.stringContaining('stopped unexpectedly') }),
    )
    await (await sandboxes.get(project)).files.write(file, 'again')
    expect((await sandboxes.state(project)).status).toBe('running')
    // An older hold on it still works: it is the same sandbox.
    expect(new TextDecoder().decode(await sandbox.files.read(file))).toBe('again')
  })

  test('that dies for want of memory says so', async () => {
    const { groups, countKill, close } = await openMemoryGroup()
    const inContainer = await createSandboxes({ config: local(join(dataDir, 'container')), database, clock: systemClock, log, groups })
    try {
      const project = await addProject(database)
      const sandbox = await inContainer.get(project)
      const running = await sandbox.run('read -r _; kill -9 $PPID', { stdin: true })
      await countKill()
      // What is told to do it may be gone before it has said that it was told.
      await running.sendStdin('\n').catch(() => undefined)
      await running.exit
      await vi.waitFor(async () =>
        expect(await inContainer.state(project)).toMatchObject({ status: 'stopped', detail: expect.stringContaining('because memory ran out') }),
      )
    } finally {
      await inContainer.stop()
      await close()
    }
  })

  test('of a project that does not exist is not made', async () => {
    await expect(sandboxes.get(newId<ProjectId>('prj'))).rejects.toBeInstanceOf(Error)
  })

  test('turned off, it says so', async () => {
    const config = { dataDir, sandbox: { ...local(dataDir).sandbox, provider: 'off' as const } }
    const off = await createSandboxes({ config, database, clock: systemClock, log })
    expect(await off.state(newId<ProjectId>('prj'))).toMatchObject({ status: 'off', isolation: 'unavailable' })
    await expect(off.get(newId<ProjectId>('prj'))).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('a host that is killed', await needs('sandbox'), () => {
  test('takes its processes with it and loses no file', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'atrium-killed-'))
    const script = fileURLToPath(new URL('../testing/run-sandbox-host.ts', import.meta.url))
    const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const { id, pids } = JSON.parse(line.toString()) as { id: string; pids: number[] }
    expect(pids.length).toBeGreaterThan(2)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await vi.waitFor(() => {
      for (const pid of pids) expect(readStat(pid)?.state ?? 'gone', `process ${pid}`).toMatch(/Z|gone/)
    })
    const { openTestHost } = await import('../testing/sandbox-host.ts')
    const here = await openTestHost({ dataDir })
    const { Sandbox } = await import('e2b')
    const sandbox = await Sandbox.connect(id, here.connection)
    expect(await sandbox.files.read('before.txt')).toBe('written before')
    await here.close()
  })
})
