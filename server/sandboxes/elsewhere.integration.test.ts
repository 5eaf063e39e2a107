import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { FilePath } from '#shared/files/path.ts'
import { users } from '../auth/table.ts'
import { systemClock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import { projects } from '../projects/table.ts'
import { openTestDatabase } from '../testing/database.ts'
import { needs } from '../testing/require.ts'
import { readHostId } from './host-id.ts'
import { createSandboxes } from './service.ts'
import { sandboxes as table } from './table.ts'

const log = pino({ level: 'silent' })
const plan = 'plan.md' as FilePath

describe('a sandbox belongs to its data folder', await needs('sandbox'), () => {
  let database: Database
  const folders: string[] = []
  beforeAll(async () => {
    database = await openTestDatabase('embedded')
    for (const name of ['here', 'there']) folders.push(await mkdtemp(join(tmpdir(), `atrium-${name}-`)))
  })
  afterAll(async () => {
    await database?.close()
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  })

  async function withSandboxes<T>(dataDir: string, use: (sandboxes: Awaited<ReturnType<typeof createSandboxes>>) => Promise<T>): Promise<T> {
    const config = { dataDir, sandbox: { provider: 'local' as const, e2bApiKey: undefined, unsafe: false, egress: [] } }
    const sandboxes = await createSandboxes({ config, database, clock: systemClock, log })
    try {
      return await use(sandboxes)
    } finally {
      await sandboxes.stop()
    }
  }

  async function makeProject(): Promise<ProjectId> {
    const [user, project] = [newId<UserId>('usr'), newId<ProjectId>('prj')]
    await database.db.insert(users).values({ id: user, name: 'Ada', email: `${user}@example.org`, passwordHash: 'x', admin: false, createdAt: 1 })
    await database.db.insert(projects).values({ id: project, name: 'Engine', createdBy: user, createdAt: 1, updatedAt: 1 })
    return project
  }
  const rowOf = async (project: ProjectId) => (await database.db.select().from(table).where(eq(table.projectId, project)))[0]

  test('a server with another folder says so and changes nothing; at home it is as it was, unless an owner gave it up', async () => {
    const [here = '', there = ''] = folders
    const project = await makeProject()
    const id = await withSandboxes(here, async (sandboxes) => {
      const sandbox = await sandboxes.get(project)
      await sandbox.files.write(plan, 'the plan of Ada')
      return sandbox.id
    })
    expect(await rowOf(project)).toMatchObject({ sandboxId: id, hostId: await readHostId(here) })

    await withSandboxes(there, async (sandboxes) => {
      await expect(sandboxes.get(project)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('another data folder') })
      expect(await sandboxes.state(project)).toMatchObject({ status: 'failed', detail: expect.stringContaining('an owner can delete it') })
    })
    expect(await rowOf(project)).toMatchObject({ sandboxId: id })

    await withSandboxes(here, async (sandboxes) => {
      const sandbox = await sandboxes.get(project)
      expect(sandbox.id).toBe(id)
      expect(new TextDecoder().decode(await sandbox.files.read(plan))).toBe('the plan of Ada')
    })

    await withSandboxes(there, async (sandboxes) => {
      await sandboxes.remove(project)
      const sandbox = await sandboxes.get(project)
      expect(sandbox.id).not.toBe(id)
      await expect(sandbox.files.stat(plan)).rejects.toMatchObject({ code: 'not_found' })
    })
    expect(await rowOf(project)).toMatchObject({ hostId: await readHostId(there) })
  })

  test('one of before folders were told apart is known again where it is', async () => {
    const [here = '', there = ''] = folders
    const project = await makeProject()
    const id = await withSandboxes(here, async (sandboxes) => (await sandboxes.get(project)).id)
    await database.db.update(table).set({ hostId: null }).where(eq(table.projectId, project))
    await withSandboxes(there, (sandboxes) => expect(sandboxes.get(project)).rejects.toMatchObject({ code: 'unavailable' }))
    await withSandboxes(here, async (sandboxes) => expect((await sandboxes.get(project)).id).toBe(id))
    expect(await rowOf(project)).toMatchObject({ hostId: await readHostId(here) })
  })

  test('a folder keeps its id, whoever asks first', async () => {
    const [here = ''] = folders
    const ids = await Promise.all([1, 2, 3].map(() => readHostId(here)))
    expect(new Set(ids).size).toBe(1)
    expect((await readFile(join(here, 'sandbox-host-id'), 'utf8')).trim()).toBe(ids[0])
  })
})
