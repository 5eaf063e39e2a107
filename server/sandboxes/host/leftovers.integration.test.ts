import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { needs } from '../../testing/require.ts'
import { openTestHost } from '../../testing/sandbox-host.ts'
import { sweepLeftovers } from './leftovers.ts'
import { SandboxRecord } from './store.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'atrium-leftovers-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const yesterday = new Date(Date.now() - 24 * 60 * 60_000)

/** A folder with these in it, a name that ends in / being a folder. */
async function make(name: string, files: string[], at?: Date): Promise<string> {
  const path = join(root, name)
  await mkdir(path)
  for (const file of files) await (file.endsWith('/') ? mkdir(join(path, file), { recursive: true }) : writeFile(join(path, file), ''))
  if (at) await utimes(path, at, at)
  return path
}

test('what a killed host left is removed, with what its sandboxes had there', async () => {
  const path = await make('atrium-dead01', ['etc/', 'i0123/run/'])
  const listen = `require('net').createServer().listen(${JSON.stringify(join(path, 'egress.sock'))}, () => console.log('listens'))`
  const host = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(host.stdout, 'data')
  await sweepLeftovers(root)
  expect(await readdir(root)).toEqual(['atrium-dead01'])
  host.kill('SIGKILL')
  await once(host, 'exit')
  // It might be about to listen.
  await sweepLeftovers(root)
  expect(await readdir(root)).toEqual(['atrium-dead01'])
  await utimes(join(path, 'egress.sock'), yesterday, yesterday)
  await sweepLeftovers(root)
  expect(await readdir(root)).toEqual([])
})

test('whoever lives, has just begun, or is somebody else keeps everything', async () => {
  const alive = createServer()
  await new Promise<void>((listening) => void make('atrium-alive1', ['etc/']).then((path) => alive.listen(join(path, 'egress.sock'), listening)))
  await utimes(join(root, 'atrium-alive1', 'egress.sock'), yesterday, yesterday)
  await make('atrium-fresh1', ['etc/'])
  await make('atrium-probe-fresh1', ['home/user/'])
  // No socket, and more in it than a host makes before it has one.
  await make('atrium-folder', ['etc/', 'notes.txt'], yesterday)
  await make('atrium-backup-2026', [], yesterday)
  await make('atrium-e2e-abc123', ['data/'], yesterday)
  await make('atrium-nosock', ['egress.sock'], yesterday)
  await make('somebody-else', ['egress.sock'], yesterday)
  await writeFile(join(root, 'atrium-file01'), '')
  await symlink(await make('target', ['kept.txt'], yesterday), join(root, 'atrium-link01'))
  const before = (await readdir(root, { recursive: true })).toSorted()
  await sweepLeftovers(root)
  expect((await readdir(root, { recursive: true })).toSorted()).toEqual(before)
  alive.close()
})

test('what was killed between its folder and its socket, or while it probed, is removed when it is certainly over', async () => {
  await make('atrium-begun1', ['etc/'], yesterday)
  await make('atrium-probe-abc123', ['etc/', 'home/user/', 'run/'], yesterday)
  await sweepLeftovers(root)
  expect(await readdir(root)).toEqual([])
})

describe('a sandbox that is killed', await needs('sandbox'), () => {
  test('leaves neither its sockets nor its control groups', async () => {
    vi.stubEnv('TMPDIR', root)
    const here = await openTestHost()
    try {
      const sandbox = await here.create()
      await sandbox.commands.run('for i in $(seq 50); do sleep 1000 & done; wait', { background: true, timeoutMs: 0 })
      const record = SandboxRecord.parse(JSON.parse(await readFile(join(here.dataDir, 'sandboxes', sandbox.sandboxId, 'sandbox.json'), 'utf8')))
      const pid = Number(record.process?.pid)
      const groups = (await readFile(`/proc/${pid}/cgroup`, 'utf8'))
        .split('\n')
        .map((line) => line.split(':'))
        .map(([, controllers = '', path = '']) => join('/sys/fs/cgroup', controllers, path))
        .filter((path) => path.includes('/atrium-') && existsSync(path))
      const sockets = async () =>
        (await readdir(root, { recursive: true })).filter((path) => path.includes(`/${sandbox.sandboxId}`) && !path.includes('/sandboxes/'))
      expect(await sockets()).not.toEqual([])
      process.kill(pid, 'SIGKILL')
      await vi.waitFor(async () => expect([...groups.filter((path) => existsSync(path)), ...(await sockets())]).toEqual([]), { timeout: 10_000 })
    } finally {
      await here.close()
      vi.unstubAllEnvs()
    }
  })
})

describe('a copy of a data folder, beside the original', await needs('sandbox'), () => {
  test('ends nothing that runs there; the next host of the original does', async () => {
    const here = await openTestHost()
    const dataDir = join(root, 'copy')
    try {
      const sandbox = await here.create()
      await cp(here.dataDir, dataDir, { recursive: true, preserveTimestamps: true })
      await (await openTestHost({ dataDir })).close()
      expect((await sandbox.commands.run('echo here')).stdout).toBe('here\n')
      const record = SandboxRecord.parse(JSON.parse(await readFile(join(here.dataDir, 'sandboxes', sandbox.sandboxId, 'sandbox.json'), 'utf8')))
      // A second host on the same folder, as after a kill of the first.
      await (await openTestHost({ dataDir: here.dataDir })).close(true)
      await vi.waitFor(() => expect(existsSync(`/proc/${record.process?.pid}/exe`)).toBe(false), { timeout: 10_000 })
    } finally {
      await here.close()
    }
  })
})
