import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { FilePath } from '#shared/files/path.ts'
import { users } from '../auth/table.ts'
import { systemClock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import { projects } from '../projects/table.ts'
import { openTestDatabase } from '../testing/database.ts'
import { needs } from '../testing/require.ts'
import { signalAll, treeOf } from './host/proc.ts'
import type { Sandboxes } from './port.ts'
import { createSandboxes } from './service.ts'

const log = pino({ level: 'silent' })
const file = 'notes.txt' as FilePath
const patience = { headMs: 1_000, silentMs: 200, bodyMs: 1_000, bytesPerSecond: 16 * 1024 }

describe('a sandbox whose agent is stopped', await needs('sandbox'), () => {
  let database: Database
  let dataDir: string
  let sandboxes: Sandboxes
  beforeAll(async () => {
    database = await openTestDatabase('embedded')
    dataDir = await mkdtemp(join(tmpdir(), 'atrium-stopped-'))
    const config = { dataDir, sandbox: { provider: 'local' as const, e2bApiKey: undefined, unsafe: false, egress: [] } }
    sandboxes = await createSandboxes({ config, database, clock: systemClock, log, patience })
  })
  afterAll(async () => {
    await sandboxes?.stop()
    await database?.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  test('holds no call: each ends in words, and it can be paused, ended and started anew', { timeout: 60_000 }, async () => {
    const [userId, project] = [newId<UserId>('usr'), newId<ProjectId>('prj')]
    await database.db.insert(users).values({ id: userId, name: 'Ada', email: `${userId}@example.org`, passwordHash: 'x', admin: false, createdAt: 1 })
    await database.db.insert(projects).values({ id: project, name: 'Engine', createdBy: userId, createdAt: 1, updatedAt: 1 })
    const sandbox = await sandboxes.get(project)
    await sandbox.files.write(file, 'kept')
    const { process: left } = JSON.parse(await readFile(join(dataDir, 'sandboxes', sandbox.id, 'sandbox.json'), 'utf8')) as {
      process: { pid: number }
    }
    signalAll(treeOf(left.pid), 'SIGSTOP')
    const inTime = async (what: string, work: Promise<unknown>, mostMs: number) => {
      const at = performance.now()
      const error = await work.then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(performance.now() - at, what).toBeLessThan(mostMs)
      return error
    }
    for (const [what, call] of Object.entries({
      read: () => sandbox.files.read(file),
      write: () => sandbox.files.write(file, 'x'),
      list: () => sandbox.files.list(''),
      run: () => sandbox.run('true'),
      cell: () => sandbox.python.run('1', { timeoutMs: 100 }),
      ports: () => sandbox.ports.listening(),
      desktop: () => sandbox.desktop.status(),
    })) {
      expect(await inTime(what, call(), 3_000), what).toBeInstanceOf(AppError)
    }
    expect(await inTime('pause', sandboxes.pause(project), 5_000)).toBeUndefined()
    expect(await inTime('end', sandboxes.kill(project), 5_000)).toBeUndefined()
    expect(new TextDecoder().decode(await (await sandboxes.get(project)).files.read(file))).toBe('kept')
  })
})
