import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { serverNode } from '../launch/install.mjs'
import { root } from '../launch/root.mjs'
import { composedEnvironment } from './compose-file.ts'
import { startNames, startNginx } from './nginx.ts'
import { startOwnCluster } from './postgres-cluster.ts'

/** The three programs of the compose file, really run: nginx, the server with the compose file's settings, and a Postgres of their own. */
export type Deployment = Awaited<ReturnType<typeof startDeployment>>

/** @param cleanUp to be run backwards */
export async function startDeployment(cleanUp: (() => unknown)[]) {
  const cluster = await startOwnCluster()
  cleanUp.push(cluster.stop)
  const admin = postgres(`${cluster.url}/postgres`, { max: 1, onnotice: () => undefined })
  cleanUp.push(() => admin.end())
  await admin`create role atrium login superuser`
  await admin`create database atrium owner atrium`
  const dataDir = await mkdtemp(join(tmpdir(), 'atrium-volume-'))
  cleanUp.push(() => rm(dataDir, { recursive: true, force: true }))
  const names = await startNames(cleanUp)
  const port = await freePort()
  const settings = composedEnvironment({
    POSTGRES_PASSWORD: 'test',
    ATRIUM_TRUSTED_PROXIES: '127.0.0.1',
    ATRIUM_SIGNUP: 'open',
    ATRIUM_SANDBOX: 'off',
    ATRIUM_LOG_LEVEL: 'warn',
  })
  const DATABASE_URL = String(settings.DATABASE_URL).replace('postgres:5432', new URL(cluster.url).host)
  const printed: string[] = []
  let app: ChildProcess | undefined

  /** As a container: it is known by its name from the beginning. */
  function create(address: string): void {
    const own = { PORT: String(port), HOST: address, ATRIUM_DATA_DIR: dataDir, NODE_ENV: 'production', DATABASE_URL }
    app = spawn(serverNode(), [join(root, 'server', 'main.ts')], {
      cwd: '/',
      env: { PATH: process.env.PATH ?? '', ...settings, ...own },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [app.stdout, app.stderr]) stream?.on('data', (part: Buffer) => printed.push(part.toString()))
    names.address = address
  }

  async function remove(): Promise<number | null> {
    if (!app || app.exitCode !== null || app.signalCode !== null) return app?.exitCode ?? null
    const ended = once(app, 'exit') as Promise<[number | null]>
    app.kill('SIGTERM')
    // As stop_grace_period.
    const late = setTimeout(() => app?.kill('SIGKILL'), 10_000)
    const [code] = await ended
    clearTimeout(late)
    return code
  }

  create('127.0.0.1')
  cleanUp.push(remove)
  return {
    url: await startNginx(cleanUp, port, names.port),
    admin,
    output: () => printed.join(''),
    create,
    /** Stopped in order. @returns its exit code */
    remove,
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
