import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { ProjectId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { openDatabase } from '../db/open.ts'
import type { Database } from '../db/port.ts'
import { createLeases } from '../rooms/leases.ts'
import { thisProcess } from '../rooms/process-identity.ts'
import { createPostgresDatabase, seedDataDir } from '../testing/database.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { createCompactor } from './compactor.ts'
import { seedProject, silent, testUser } from './testing/room.ts'
import { dayMs, holdsSecret, reload, replay, tellHistory } from './testing/told-history.ts'

/** Each life of the process is killed after so many of its steps, at whatever it does just then. */
const lives = [1, 2, 1, 3, 2]
const border = 9 * dayMs

describeOnDatabases('on %s', (kind) => {
  test('kill -9 again and again while history is removed costs neither the document nor what is kept', { timeout: 300_000 }, async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'atrium-forget-'))
    const made = kind === 'postgres' ? await createPostgresDatabase() : undefined
    if (!made) await seedDataDir(dataDir)
    const projectId = newId<ProjectId>('prj')
    const document = `file/${projectId}/notes.md`
    const within = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
      const database = await openDatabase({ databaseUrl: made?.url, dataDir }, silent)
      try {
        return await work(database)
      } finally {
        await database.close()
      }
    }
    /** @returns the steps it reached; the last is `done` when it was not killed before */
    const live = async (steps: number): Promise<string[]> => {
      const given = JSON.stringify({ databaseUrl: made?.url, dataDir, projectId, document, before: border })
      const script = fileURLToPath(new URL('./testing/forget-child.ts', import.meta.url))
      const child = spawn(process.execPath, [script, given], { stdio: ['ignore', 'pipe', 'inherit'] })
      const exited = once(child, 'exit')
      const reached: string[] = []
      for await (const line of createInterface(child.stdout)) {
        reached.push(line)
        if (reached.length >= steps || line === 'done') child.kill('SIGKILL')
      }
      await exited
      return reached
    }
    try {
      const told = await within(async (database) => {
        await seedProject(database, testUser('Ada'), projectId)
        const leases = createLeases({ database, me: thisProcess(), log: silent })
        const compactor = createCompactor()
        const { lease } = await leases.hold(projectId)
        const history = await tellHistory({ database, compactor, lease, document, log: silent }, { days: 11, snapshotAfter: [0, 1, 2, 3, 4, 5, 6] })
        await leases.stop()
        await compactor.stop()
        return history.told
      })
      const before = await within((database) => reload(database, document))
      const first = [...told].findLast(([, { at }]) => at < border)?.[0] ?? 0
      const since = new Map([...told].filter(([seq]) => seq >= first).map(([seq, { text }]) => [seq, text]))
      let cut = 0
      for (const steps of [...lives, Infinity]) {
        const reached = await live(steps)
        if (reached.at(-1) !== 'done') cut += 1
        await within(async (database) => {
          expect(await reload(database, document)).toEqual(before)
          const shown = await replay(database, document)
          expect(new Map([...shown].filter(([seq]) => since.has(seq)))).toEqual(since)
        })
      }
      expect(cut).toBeGreaterThan(0)
      await within(async (database) => {
        expect(await replay(database, document)).toEqual(since)
        expect(await holdsSecret(database, document)).toBe(false)
      })
    } finally {
      await made?.drop()
      await rm(dataDir, { recursive: true, force: true })
    }
  })
})
