import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { users } from '../auth/table.ts'
import type { Database } from '../db/port.ts'
import { projects } from '../projects/table.ts'
import { openTestDatabase } from '../testing/database.ts'
import { SandboxRecord } from './host/store.ts'
import { settleFolder, settleRows } from './restored.ts'
import { sandboxes } from './table.ts'

let database: Database
let dataDir: string
beforeEach(async () => {
  database = await openTestDatabase('embedded')
  dataDir = await mkdtemp(join(tmpdir(), 'atrium-restored-'))
})
afterEach(async () => {
  await database.close()
  await rm(dataDir, { recursive: true, force: true })
})

async function addRows() {
  const user = newId<UserId>('usr')
  await database.db.insert(users).values({ id: user, name: 'Ada', email: `${user}@example.org`, passwordHash: 'x', admin: false, createdAt: 1 })
  const add = async (values: { provider: 'local' | 'e2b'; hostId: string | null; sandboxId: string }) => {
    const projectId = newId<ProjectId>('prj')
    await database.db.insert(projects).values({ id: projectId, name: 'Engine', createdBy: user, createdAt: 1, updatedAt: 1 })
    await database.db.insert(sandboxes).values({ projectId, status: 'running', detail: null, createdAt: 1, updatedAt: 1, ...values })
  }
  await add({ provider: 'local', hostId: 'first', sandboxId: 'ihere' })
  await add({ provider: 'local', hostId: 'another', sandboxId: 'ielsewhere' })
  await add({ provider: 'e2b', hostId: null, sandboxId: 'icloud' })
}
const rowsNow = () =>
  database.db
    .select({ provider: sandboxes.provider, hostId: sandboxes.hostId, sandboxId: sandboxes.sandboxId, status: sandboxes.status })
    .from(sandboxes)
    .orderBy(sandboxes.projectId)

test('beside where it is from, it has its own machines here, and none of the other one in a cloud', async () => {
  await addRows()
  await database.transaction((tx) => settleRows(database, tx, { home: 'first', newHome: 'second', takesOver: false }))
  const [here, elsewhere, cloud] = await rowsNow()
  expect(here).toEqual({ provider: 'local', hostId: 'second', sandboxId: 'ihere', status: 'running' })
  expect(elsewhere).toEqual({ provider: 'local', hostId: 'another', sandboxId: 'ielsewhere', status: 'running' })
  expect(cloud).toEqual({ provider: 'e2b', hostId: null, sandboxId: expect.stringMatching(/^i[0-9a-f]{20}$/), status: 'stopped' })
})

test('in the place of one that is gone, it uses its machines in the cloud on', async () => {
  await addRows()
  const before = await rowsNow()
  await database.transaction((tx) => settleRows(database, tx, { home: 'first', newHome: 'first', takesOver: true }))
  expect(await rowsNow()).toEqual(before)
})

test('no process of the first one is a leftover, and as root each sandbox gets another user, without following links', async () => {
  const record = (id: string, uid: number): SandboxRecord =>
    SandboxRecord.parse({
      id,
      template: 'base',
      metadata: { atriumProject: 'prj_1' },
      envs: {},
      createdAt: 1,
      startedAt: 1,
      timeoutMs: 1000,
      token: 'x'.repeat(48),
      onTimeout: 'pause',
      uid,
      process: { pid: process.pid, startTime: '1' },
    })
  const outside = join(dataDir, 'outside')
  await writeFile(outside, '')
  for (const [at, id] of ['i11111111', 'i22222222'].entries()) {
    const home = join(dataDir, 'sandboxes', id, 'home')
    await mkdir(join(home, 'user', 'src'), { recursive: true })
    await writeFile(join(home, 'user', 'src', 'main.py'), '')
    await symlink(outside, join(home, 'user', 'link'))
    await writeFile(join(dataDir, 'sandboxes', id, 'sandbox.json'), JSON.stringify(record(id, 200_000 + at)))
  }
  await mkdir(join(dataDir, 'sandboxes', 'broken'))
  await writeFile(join(dataDir, 'sandboxes', 'broken', 'sandbox.json'), '{')
  await settleFolder(dataDir)
  const uids = new Set<number>()
  for (const id of ['i11111111', 'i22222222']) {
    const now = SandboxRecord.parse(JSON.parse(await readFile(join(dataDir, 'sandboxes', id, 'sandbox.json'), 'utf8')))
    expect(now).toEqual({ ...record(id, now.uid), process: null })
    uids.add(now.uid)
    const main = await stat(join(dataDir, 'sandboxes', id, 'home', 'user', 'src', 'main.py'))
    expect(main.uid).toBe(process.getuid?.() === 0 ? now.uid : process.getuid?.())
  }
  expect(uids.size).toBe(2)
  expect((await stat(outside)).uid).toBe(process.getuid?.())
})
