import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAdmin, startAdmin } from '../testing/run-admin.ts'
import { createPostgresDatabase, seedDataDir } from '../testing/database.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { failToStart, startServerProcess } from '../testing/server-process.ts'
import type { ServerProcess } from '../testing/server-process.ts'

describeOnDatabases('backups that are broken off, on %s', (kind) => {
  let root: string
  let env: Record<string, string>
  let server: ServerProcess
  let drop: () => Promise<void> = async () => undefined
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'atrium-backup-crash-'))
    env = { ATRIUM_DATA_DIR: join(root, 'data') }
    // Enough that there is time to break off.
    await mkdir(join(root, 'data', 'copies'), { recursive: true })
    for (let at = 0; at < 300; at++) await writeFile(join(root, 'data', 'copies', `${at}.tgz`), `copy ${at}`)
    if (kind === 'embedded') await seedDataDir(join(root, 'data'))
    else {
      const made = await createPostgresDatabase()
      env.DATABASE_URL = made.url
      drop = made.drop
    }
    server = await startServerProcess(env)
  })
  afterAll(async () => {
    await server?.end('SIGKILL')
    await drop()
    await rm(root, { recursive: true, force: true })
  })
  const into = () => join(root, 'backups')
  const made = async () => (await readdir(into())).filter((name) => !name.endsWith('.part'))

  test('a server that is killed leaves nothing that has the name of a backup, and the next one is whole and tidies up', async () => {
    const run = startAdmin(env, 'backup', into())
    await run.said('files: pass 1')
    await server.end('SIGKILL')
    const { code, err } = await run.ended
    expect([code, err]).toEqual([1, expect.stringContaining('of a backup nothing was kept')])
    expect(await made()).toEqual([])
    expect(await readdir(into())).toHaveLength(1)
    server = await startServerProcess(env)
    expect(await runAdmin(env, 'backup', into())).toMatchObject({ code: 0, err: '' })
    const [name = '', ...more] = await readdir(into())
    expect([name.endsWith('.part'), more]).toEqual([false, []])
    expect(await runAdmin({}, 'verify', join(into(), name))).toMatchObject({ code: 0 })
    await rm(into(), { recursive: true })
  })

  test('a command that is broken off ends the backup; nothing is left of it, and nobody waits for it', async () => {
    const run = startAdmin(env, 'backup', into())
    await run.said('files: pass 1')
    run.child.kill('SIGKILL')
    await run.ended
    await expect.poll(() => readdir(into()), { timeout: 60_000 }).toEqual([])
    expect(await runAdmin(env, 'backup', into())).toMatchObject({ code: 0, err: '' })
    expect(await made()).toHaveLength(1)
  })

  test('a folder in which a restore never ended starts no server', async () => {
    const half = join(root, 'half')
    await mkdir(half)
    await writeFile(join(half, 'restore-under-way'), '')
    const { code, stderr } = await failToStart({ ATRIUM_DATA_DIR: half })
    expect([code, stderr]).toEqual([1, expect.stringContaining('did not end')])
  })
})
