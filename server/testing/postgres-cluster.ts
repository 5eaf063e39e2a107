import { execFile, spawnSync } from 'node:child_process'
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { migratePostgres } from '../db/postgres.ts'

/*
 * One Postgres for a whole test run, started by the first test that needs it. The processes of a run share a folder, named by
 * this variable, which the run's set-up makes and takes away.
 */
export const runFolderVariable = 'ATRIUM_TEST_RUN_FOLDER'
export const templateDatabase = 'atrium_template'

const run = promisify(execFile)

/** The folder with `initdb` and `pg_ctl`, or undefined where Postgres is not installed. */
export function findPostgres(): string | undefined {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map((version) => `/usr/lib/postgresql/${version}/bin`), ...(process.env.PATH ?? '').split(delimiter)]
  return folders.find((folder) => ['initdb', 'pg_ctl', 'postgres'].every((name) => canBeRun(join(folder, name))))
}

function canBeRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Postgres refuses to run as root: then the system's `postgres` user runs it. */
export function postgresUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'))
  const [, , uid, gid] = line?.split(':') ?? []
  if (!uid || !gid) throw new Error('Postgres cannot run as root, and there is no user "postgres" to run it')
  return { uid: Number(uid), gid: Number(gid) }
}

/** The address of the run's cluster; starts it when this is the first to ask. */
export async function clusterUrl(): Promise<string> {
  const folder = runFolder()
  const address = join(folder, 'url')
  if (!existsSync(address) && claim(join(folder, 'starting'))) {
    const url = await startCluster(folder)
    writeFileSync(`${address}.part`, url)
    renameSync(`${address}.part`, address)
  }
  const until = Date.now() + 120_000
  while (!existsSync(address)) {
    if (Date.now() > until) throw new Error(`the test run's Postgres did not start; see ${folder}/log`)
    await wait(50)
  }
  return readFileSync(address, 'utf8')
}

function claim(path: string): boolean {
  try {
    mkdirSync(path)
    return true
  } catch {
    return false
  }
}

/** Outside of a test run, as in a benchmark, this process keeps a folder of its own until it ends. */
function runFolder(): string {
  const given = process.env[runFolderVariable]
  if (given) return given
  const folder = makeRunFolder()
  process.env[runFolderVariable] = folder
  process.once('exit', () => removeRunFolder(folder))
  return folder
}

export function makeRunFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'atrium-test-'))
  const user = process.getuid?.() === 0 && findPostgres() ? postgresUser() : undefined
  if (user) chownSync(folder, user.uid, user.gid)
  return folder
}

/** Stops the cluster, if one was started, and removes everything. */
export function removeRunFolder(folder: string): void {
  const bin = findPostgres()
  if (bin && existsSync(join(folder, 'data/postmaster.pid'))) {
    spawnSync(join(bin, 'pg_ctl'), ['stop', '-D', join(folder, 'data'), '-m', 'immediate', '-w'], { ...postgresUser(), cwd: folder })
  }
  rmSync(folder, { recursive: true, force: true })
}

/** A Postgres of a test's own, whose settings it may change. */
export async function startOwnCluster(): Promise<{ url: string; stop(): void }> {
  const folder = makeRunFolder()
  return { url: await startCluster(folder), stop: () => removeRunFolder(folder) }
}

async function startCluster(folder: string): Promise<string> {
  const bin = findPostgres()
  if (!bin) throw new Error('Postgres is not installed')
  const options = { ...postgresUser(), cwd: folder }
  const data = join(folder, 'data')
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], options)
  const port = await freePort()
  // Nothing here must survive a power cut.
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c full_page_writes=off -c max_connections=300`
  await run(join(bin, 'pg_ctl'), ['start', '-D', data, '-l', join(folder, 'log'), '-w', '-o', settings], options)
  const url = `postgres://postgres@127.0.0.1:${port}`
  const { default: postgres } = await import('postgres')
  const client = postgres(`${url}/postgres`, { max: 1 })
  await client.unsafe(`create database ${templateDatabase}`)
  await client.end()
  await migratePostgres(`${url}/${templateDatabase}`)
  return url
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
