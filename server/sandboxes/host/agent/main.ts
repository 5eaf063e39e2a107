import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setPriority } from 'node:os'
import { answerError, answerUnary, openStream, readAll, readEnvelope, readUnary, RpcError } from './connect.ts'
import { listenForEgress } from './egress.ts'
import { createFiles } from './files.ts'
import { createMemoryNews } from './memory-news.ts'
import { home } from './paths.ts'
import { createDesktop } from './desktop.ts'
import { vncPort } from './desktop-script.ts'
import { createPorts } from './ports.ts'
import { createProcesses } from './processes.ts'
import { createContexts } from './python/contexts.ts'
import { createPythonRoutes } from './python/routes.ts'
import { createTerminals } from './terminal.ts'
import { checkUser } from './users.ts'
import { watchFolder } from './watch.ts'

/*
 * What runs inside a sandbox: envd's HTTP and Connect calls on one unix socket. It holds no secret and decides nothing
 * for the host; whatever runs beside it could take its place.
 */

const maxRpcBytes = 32 * 1024 * 1024
const defaultKeepAliveS = 50

// oxlint-disable-next-line node/no-process-env -- inside the sandbox there is no configuration but what the launch sets
const { ATRIUM_SOCKET: socketPath = '', ATRIUM_EGRESS: egressPath, ATRIUM_EGRESS_PORT: egressPort, ATRIUM_ENVS, ...inherited } = process.env
const { ATRIUM_PTY: ptyModule, ATRIUM_PTY_HELPER: ptyHelper, ATRIUM_SHARED_NETWORK: sharedNetwork } = inherited
const commandEnv: Record<string, string> = {}
for (const [name, value] of Object.entries({ ...inherited, ...(JSON.parse(ATRIUM_ENVS ?? '{}') as Record<string, string>) })) {
  if (value !== undefined && !name.startsWith('ATRIUM_')) commandEnv[name] = value
}

const disk = { full: false }
const files = createFiles(disk)
const desktop = createDesktop(commandEnv)
const memory = createMemoryNews()
const processes = createProcesses({
  env: commandEnv,
  memory,
  terminals: createTerminals(ptyModule, ptyHelper),
  beforeStart: sharedNetwork === '1' ? async () => {} : desktop.before,
})
const contexts = createContexts(commandEnv, memory)
const python = createPythonRoutes(contexts)
const ports = createPorts({ reserved: new Set([vncPort, Number(egressPort)]), sharedNetwork: sharedNetwork === '1' })
/** The code interpreter's calls, which come on a port of their own, are told apart by this prefix. */
const pythonPrefix = '/atrium/python'

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox')
  if (url.pathname === '/health') return void response.writeHead(204).end()
  if (url.pathname === '/files') return files.handle(request, response, url.searchParams)
  if (url.pathname.startsWith(`${pythonPrefix}/`)) return python(request, response, url.pathname.slice(pythonPrefix.length))
  if (url.pathname === '/atrium/ports' && request.method === 'GET') {
    if (url.searchParams.has('watch')) return ports.watch(response)
    return answerUnary(response, { ports: ports.listening() })
  }
  if (url.pathname === '/atrium/disk' && request.method === 'POST') return setDisk(request, response)
  if (url.pathname === '/atrium/memory' && request.method === 'POST') return hearOfMemory(request, response)
  const [, service, method = ''] = url.pathname.split('/')
  if (request.method !== 'POST') throw new RpcError('unimplemented', `nothing at ${url.pathname}`)
  const isStream = request.headers['content-type'] === 'application/connect+json'
  if (!isStream) checkUser(request, url.searchParams)
  const keepAliveMs = Math.min(Math.max(Number(request.headers['keepalive-ping-interval']) || defaultKeepAliveS, 1), 3600) * 1000
  const timeout = Number(request.headers['connect-timeout-ms'])
  const timeoutMs = Number.isFinite(timeout) && timeout > 0 ? timeout : undefined
  const body = await readAll(request, maxRpcBytes)
  const stream = () => openStream(response, service === 'process.Process' ? { event: { keepalive: {} } } : { keepalive: {} }, keepAliveMs)
  if (service === 'process.Process' && method === 'Start') return runInStream(() => processes.start(readEnvelope(body), stream, timeoutMs))
  if (service === 'process.Process' && method === 'Connect') return runInStream(async () => processes.connect(readEnvelope(body), stream()))
  if (service === 'filesystem.Filesystem' && method === 'WatchDir') return runInStream(() => watchFolder(readEnvelope(body), stream))
  const calls = service === 'process.Process' ? processes.rpc : service === 'filesystem.Filesystem' ? files.rpc : {}
  const call = Object.hasOwn(calls, method) ? calls[method] : undefined
  if (!call) throw new RpcError('unimplemented', `nothing at ${url.pathname}`)
  answerUnary(response, await call(readUnary(body)))

  /** A stream's failure is its last envelope, with status 200. */
  async function runInStream(work: () => Promise<void>): Promise<void> {
    try {
      checkUser(request, url.searchParams)
      await work()
    } catch (thrown) {
      if (response.headersSent) return endStream(thrown)
      openStream(response, {}, keepAliveMs).end(thrown)
    }
  }
  function endStream(thrown: unknown): void {
    const { code, message } = thrown instanceof RpcError ? thrown : { code: 'internal', message: String(thrown) }
    const json = Buffer.from(JSON.stringify({ error: { code, message } }))
    const head = Buffer.from([2, 0, 0, 0, 0])
    head.writeUInt32BE(json.length, 1)
    response.end(Buffer.concat([head, json]))
  }
}

/** The host's watchdog: whether writes are refused, and whether what runs now must end for it. */
async function setDisk(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { full, kill } = readUnary(await readAll(request, 1000))
  disk.full = full === true
  if (typeof kill === 'string') await Promise.all([processes.killAll(kill), contexts.endAll(kill)])
  response.writeHead(204).end()
}

/** The host's watchdog: the kernel has ended something for want of memory, in this sandbox (`here`) or, as far as it knows, in another of the server's. */
async function hearOfMemory(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { why, kills, here } = readUnary(await readAll(request, 1000))
  if (typeof why === 'string') {
    if (Number(kills) > 0) memory.tell(why, Number(kills))
    if (here === true) processes.tellTerminals(`a program in this sandbox was ended: ${why}`)
  }
  response.writeHead(204).end()
}

process.on('uncaughtException', (error) => process.stderr.write(`agent: ${error.message}\n`))
process.chdir(home)
// Without isolation nothing ends this process when its host is killed.
const host = process.ppid
setInterval(() => {
  if (process.ppid === host) return
  void processes.killAll('the host has ended').finally(() => process.exit(1))
}, 1000).unref()
if (egressPath && egressPort) listenForEgress(egressPath, Number(egressPort))
const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
  response.on('error', () => {})
  handle(request, response).catch((thrown: unknown) => (response.headersSent ? response.destroy() : answerError(response, thrown)))
})
server.on('connect', ports.tunnel)
server.listen(socketPath, () => {
  process.stdout.write('ready\n')
  // What runs here gives way to the host; only starting did not.
  setPriority(5)
})
