import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../base/clock.ts'
import { guardRequests, guardSockets } from '../../base/guard.ts'
import type { Logger } from '../../base/logger.ts'
import { agentFolder } from './agent-folder.ts'
import { callsPage } from './calls-page.ts'
import { createControl } from './control.ts'
import type { Resolve } from './egress.ts'
import { startEgress } from './egress.ts'
import { noCgroups, openCgroups } from './isolation/cgroup.ts'
import type { Cgroups } from './isolation/cgroup.ts'
import { makeEtc } from './isolation/etc.ts'
import { ownMemoryGroup } from './isolation/memory-group.ts'
import type { Isolator, Limits, OwnLimits } from './isolation/plan.ts'
import { promisesAt } from './isolation/promises.ts'
import { egressSocketName, socketFolderPrefix, sweepLeftovers } from './leftovers.ts'
import { createLifecycle } from './lifecycle.ts'
import { answerJson, createRelay, sameSecret, targetOf } from './relay.ts'
import { createStore } from './store.ts'

const mb = 1024 * 1024

/** What a sandbox may use unless told otherwise: half of a small machine, and a core less than it has. */
export const defaultLimits = (): Limits => ({
  memoryBytes: Math.min(2048 * mb, Math.floor(totalmem() / 2)),
  processes: 512,
  cpus: Math.max(0.75, cpus().length - 0.5),
  diskBytes: 2048 * mb,
  tmpBytes: 512 * mb,
  openFiles: 8192,
})

export type LocalHost = {
  /** For the SDK's `apiUrl` and `sandboxUrl`. */
  url: string
  apiKey: string
  isolation: Isolator['level']
  limits: Limits
  /** For one sandbox, also while it runs. False when there is no such sandbox. */
  setLimits(sandboxId: string, limits: OwnLimits): Promise<boolean>
  /** A sandbox ended and nobody asked for it. @param forMemory it had no more, or the server had not */
  onDied(listener: (sandboxId: string, forMemory: boolean) => void): void
  /** Every sandbox stands still, and nothing of them is written, until what is handed back is called. */
  quiesce(): Promise<() => void>
  stop(): Promise<void>
}

/** Control groups: how sandboxes get theirs, and the folder of the one that counts this process's own memory. */
export type HostGroups = { sandboxes: Cgroups; memory: string | undefined }

/**
 * The local host: answers the `e2b` SDK on 127.0.0.1 for sandboxes on this machine. Files stay in
 * `<dataDir>/sandboxes/<id>/home/user`; processes end with the host.
 */
export async function startLocalHost(deps: {
  dataDir: string
  isolator: Isolator
  egress: string[]
  clock: Clock
  log: Logger
  limits?: Partial<Limits>
  resolve?: Resolve
  /** A free port of 127.0.0.1 unless given. */
  listen?: { port: number; host: string }
  /** A new one unless given. */
  apiKey?: string
  /** What this machine has, unless given. */
  groups?: HostGroups
}): Promise<LocalHost> {
  const { isolator, clock, log } = deps
  const limits = { ...defaultLimits(), ...deps.limits }
  const store = createStore(join(deps.dataDir, 'sandboxes'), log)
  const [agent] = await Promise.all([agentFolder(log), store.load()])
  // Beside the start: there may be much to remove.
  const swept = Promise.all([sweepLeftovers(tmpdir()), store.sweep()]).catch((err: unknown) =>
    log.warn({ err }, 'what a killed host left is not all removed'),
  )
  const socketDir = await mkdtemp(join(tmpdir(), socketFolderPrefix))
  const etcDir = join(socketDir, 'etc')
  await makeEtc(etcDir)
  const egressSocket = join(socketDir, egressSocketName)
  const egress = await startEgress({ socketPath: egressSocket, hosts: deps.egress, log, ...(deps.resolve && { resolve: deps.resolve }) })
  const cgroups = deps.groups?.sandboxes ?? (isolator.level === 'none' ? noCgroups : openCgroups())
  const memoryGroup = deps.groups ? deps.groups.memory : process.platform === 'linux' ? ownMemoryGroup() : undefined
  const lifecycle = createLifecycle({
    store,
    clock,
    log,
    machine: { isolator, cgroups, memoryGroup, limits, agent, socketDir, etcDir, egressSocket },
  })
  await lifecycle.reap()
  const control = createControl({ lifecycle, clock })
  const relay = createRelay(lifecycle)
  const apiKey = deps.apiKey ?? `e2b_${randomBytes(20).toString('hex')}`
  const address = deps.listen ?? { port: 0, host: '127.0.0.1' }

  function handle(request: IncomingMessage, response: ServerResponse): void | Promise<void> {
    response.on('error', () => {})
    const isFile = request.url?.startsWith('/files?') === true
    const target = targetOf(request) ?? (isFile ? relay.signedTarget(request) : undefined)
    if (target) return relay.handle(request, response, target)
    if (isFile)
      return answerJson(response, 401, { code: 401, message: 'the address is not signed by a sandbox of this host, or its time has passed' })
    if (request.method === 'GET' && request.url === '/') {
      const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" }
      return void response.writeHead(200, headers).end(callsPage(isolator.level))
    }
    if (!sameSecret(request.headers['x-api-key'], apiKey)) return answerJson(response, 401, { code: 401, message: 'a wrong API key' })
    return control.handle(request, response, new URL(request.url ?? '/', 'http://host'))
  }
  const server = createServer({ requestTimeout: 0 }, guardRequests(log, handle))
  server.on('upgrade', guardSockets(log, relay.upgrade))
  server.on('connect', guardSockets(log, relay.connect))
  server.on('clientError', (_error, socket) => socket.destroy())
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(address.port, address.host, listening)
  })
  log.info({ isolation: isolator.level, cgroups: cgroups.kind }, 'local sandboxes are ready')
  if (isolator.level === 'unfiltered') log.warn({ why: promisesAt.unfiltered.systemCalls }, 'sandboxes have no filter of system calls')
  return {
    url: `http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${(server.address() as AddressInfo).port}`,
    apiKey,
    isolation: isolator.level,
    limits,
    setLimits: lifecycle.setLimits,
    onDied: lifecycle.onDied,
    quiesce: lifecycle.quiesce,
    async stop() {
      await lifecycle.stop()
      relay.stop()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await egress.stop()
      await swept
      await rm(socketDir, { recursive: true, force: true })
    },
  }
}
