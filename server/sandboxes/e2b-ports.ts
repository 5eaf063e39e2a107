import { request as httpRequest } from 'node:http'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import type { Sandbox as E2bSandbox } from 'e2b'
import { AppError } from '#shared/base/errors.ts'
import { noAnswer } from './bounded-fetch.ts'
import { boundsOf } from './bounded-sdk.ts'
import { linesOf } from './bounded-lines.ts'
import { directHeader } from './host/tunnel.ts'
import type { Sandbox } from './port.ts'

/** The local host, where it answers the sandbox's own calls. */
export type LocalAccess = { url: string; token: string }

type Deps = {
  sandbox: E2bSandbox
  local: LocalAccess | undefined
  attempt<T>(what: string, work: () => Promise<T>): Promise<T>
}

/** Of the platform: envd, the code interpreter and what is behind it, the display, the way out. */
const reserved = new Set([49_983, 49_999, 8888, 5900, 6080, 3128, 22])
const openMs = 10_000
/** Of one list of ports, and of all that a command prints that watches them. */
const lineBytes = 64 * 1024
const watchedBytes = 4 * 1024 * 1024
const mostPorts = 1000

/** Prints the ports at once and after every change; for a host that does not tell by itself. */
const watchScript = `prev=none
while :; do
  now=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4=="0A"{split($2,a,":");print a[2]}' | sort -u | tr '\\n' ' ')
  if [ "$now" != "$prev" ]; then echo "$now"; prev=$now; fi
  sleep 2
done`

export function portsOf({ sandbox, local, attempt }: Deps): Sandbox['ports'] {
  const envdHeaders = (access: LocalAccess) => ({ 'E2b-Sandbox-Id': sandbox.sandboxId, 'X-Access-Token': access.token })

  async function listening(): Promise<number[]> {
    if (local) {
      const answer = await boundsOf(sandbox).fetch(
        `${local.url}/atrium/ports`,
        { headers: envdHeaders(local) },
        { maxBytes: lineBytes, isJson: true },
      )
      if (!answer.ok) throw new AppError('sandbox_failed', 'The sandbox is not running.')
      return visible(portsIn(parseJson(await answer.text())))
    }
    const { stdout } = await sandbox.commands.run(watchScript.replace('while :; do', 'for once in 1; do').replace('  sleep 2\n', ''))
    return parseHex(stdout)
  }

  async function* changesOf(access: LocalAccess, signal: AbortSignal): AsyncGenerator<number[]> {
    const answer = await boundsOf(sandbox).fetch(
      `${access.url}/atrium/ports?watch`,
      { headers: envdHeaders(access), signal },
      { maxBytes: Number.POSITIVE_INFINITY, isStream: true },
    )
    if (!answer.ok || !answer.body) throw new AppError('sandbox_failed', 'The sandbox is not running.')
    for await (const line of linesOf(answer.body, { bytes: lineBytes, structures: 100 })) yield visible(parseJson(line))
  }

  return {
    connect: (port) =>
      attempt(`connect to port ${port}`, async () => {
        if (!Number.isInteger(port) || port < 1 || port > 65_535 || reserved.has(port)) {
          throw new AppError('invalid_input', `Port ${port} cannot be opened.`)
        }
        if (local) return { stream: await tunnelTo(local, sandbox.sandboxId, port), headers: { host: `localhost:${port}` } }
        const host = sandbox.getHost(port)
        const token = sandbox.trafficAccessToken
        return { stream: await dialTls(host), headers: { host, ...(token !== undefined && { 'e2b-traffic-access-token': token }) } }
      }),
    listening: () => attempt('list the ports', listening),
    watch: (onChange, ended) =>
      attempt('watch the ports', async () => {
        let stopped = false
        const over = (error?: Error) => {
          if (stopped) return
          stopped = true
          ended?.(error)
        }
        if (local) {
          const controller = new AbortController()
          const changes = changesOf(local, controller.signal)
          // The first line comes at once: that it does says that watching works.
          const late = setTimeout(() => controller.abort(noAnswer()), boundsOf(sandbox).patience.headMs)
          const first = await changes.next().finally(() => clearTimeout(late))
          if (!first.done) onChange(first.value)
          void (async () => {
            for await (const ports of changes) if (!stopped) onChange(ports)
          })().then(
            () => over(),
            (thrown: unknown) => over(thrown instanceof Error ? thrown : undefined),
          )
          return async () => {
            stopped = true
            controller.abort()
          }
        }
        let held = ''
        let printed = 0
        const handle = await sandbox.commands.run(watchScript, {
          background: true,
          timeoutMs: 0,
          onStdout: (text) => {
            printed += text.length
            // The SDK keeps what a command prints: the watch ends, and whoever wants it begins it again.
            if (printed > watchedBytes) return void handle.disconnect()
            const lines = (held + text).split('\n')
            held = (lines.pop() ?? '').slice(-lineBytes)
            for (const line of lines) if (!stopped) onChange(parseHex(line))
          },
        })
        handle.wait().then(
          () => over(),
          (thrown: unknown) => over(thrown instanceof Error ? thrown : undefined),
        )
        return async () => {
          stopped = true
          await handle.kill()
        }
      }),
  }
}

const visible = (value: unknown): number[] =>
  (Array.isArray(value) ? value : [])
    .filter((port): port is number => Number.isInteger(port) && port > 0 && port < 65_536 && !reserved.has(port))
    .slice(0, mostPorts)
const portsIn = (value: unknown) => (typeof value === 'object' && value !== null && 'ports' in value ? value.ports : undefined)
const parseHex = (text: string) =>
  visible(
    text
      .trim()
      .split(/\s+/)
      .map((word) => Number.parseInt(word, 16)),
  ).sort((a, b) => a - b)

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** @param direct to a port of the platform */
export function tunnelTo({ url, token }: LocalAccess, sandboxId: string, port: number, direct = false): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const { hostname, port: hostPort } = new URL(url)
    const asked = httpRequest({
      host: hostname,
      port: hostPort,
      method: 'CONNECT',
      path: `localhost:${port}`,
      signal: AbortSignal.timeout(openMs),
      headers: { 'E2b-Sandbox-Id': sandboxId, 'X-Access-Token': token, ...(direct && { [directHeader]: 'yes' }) },
    })
    asked.once('connect', (answer, socket, head) => {
      socket.on('error', () => socket.destroy())
      if (answer.statusCode !== 200) {
        socket.destroy()
        return reject(new AppError('sandbox_failed', `Nothing is listening on port ${port} in the sandbox.`))
      }
      if (head.length > 0) socket.unshift(head)
      resolve(socket)
    })
    asked.once('error', (error) => reject(new AppError('sandbox_failed', 'The sandbox cannot be reached.', { cause: error })))
    asked.end()
  })
}

function dialTls(host: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host, port: 443, servername: host, ALPNProtocols: ['http/1.1'], timeout: openMs }, () => {
      socket.setTimeout(0)
      resolve(socket)
    })
    socket.once('timeout', () => socket.destroy(new Error('no answer')))
    socket.once('error', (error) => reject(new AppError('sandbox_failed', 'The sandbox cannot be reached.', { cause: error })))
  })
}
