import type { Sandbox as E2bSandbox } from 'e2b'
import { createWebSocketStream, WebSocket } from 'ws'
import { AppError } from '#shared/base/errors.ts'
import { DesktopSize } from '#shared/sandboxes/schema.ts'
import type { DesktopStatus } from '#shared/sandboxes/schema.ts'
import { tunnelTo } from './e2b-ports.ts'
import type { LocalAccess } from './e2b-ports.ts'
import { desktopScript, installCommand, statusScript, stopScript, vncPort } from './host/agent/desktop-script.ts'
import type { Sandbox } from './port.ts'

type Deps = {
  sandbox: E2bSandbox
  local: LocalAccess | undefined
  /** Nothing keeps it apart: the machine's display is not the sandbox's. */
  sharedNetwork: boolean
  attempt<T>(what: string, work: () => Promise<T>): Promise<T>
}

const websocketPort = 6080
const startMs = 30_000
const openMs = 10_000
const maxFrameBytes = 8 * 1024 * 1024
/** Carries the display as a websocket where no byte stream leads inside. */
const bridgeScript = `pgrep -f "websockify.*${websocketPort}" >/dev/null || { setsid websockify 0.0.0.0:${websocketPort} localhost:${vncPort} >/dev/null 2>&1 </dev/null & }
for try in 1 2 3 4 5 6 7 8 9 10; do grep -qi ":${websocketPort.toString(16)} " /proc/net/tcp && break; sleep 0.1; done; true`

export function desktopOf({ sandbox, local, sharedNetwork, attempt }: Deps): Sandbox['desktop'] {
  const run = async (script: string) => (await sandbox.commands.run(script, { timeoutMs: startMs, requestTimeoutMs: startMs })).stdout.trim()

  /** On the cloud the sandbox is a machine of its own, and what is missing can simply be installed. */
  async function install(packages: readonly string[]): Promise<void> {
    const command = `apt-get update -q && DEBIAN_FRONTEND=noninteractive ${installCommand(packages)}`
    await sandbox.commands.run(command, { user: 'root', timeoutMs: 300_000, requestTimeoutMs: 300_000 })
  }

  return {
    status: () =>
      attempt('look at the desktop', async () => {
        if (sharedNetwork) throw withoutWalls()
        return parseStatus(await run(statusScript))
      }),
    start: (size) =>
      attempt('start the desktop', async () => {
        if (sharedNetwork) throw withoutWalls()
        const wanted = size && DesktopSize.safeParse(size)
        if (wanted && !wanted.success) throw new AppError('invalid_input', 'A desktop can be from 320 × 240 to 3840 × 2160 pixels.')
        const script = desktopScript(wanted?.data)
        let status = parseStatus(await run(script))
        if (status.status === 'missing' && !local) {
          await install([...status.missing, 'websockify'])
          status = parseStatus(await run(script))
        }
        if (status.status === 'running' && !local) await run(bridgeScript)
        return status
      }),
    connect: () =>
      attempt('reach the desktop', async () => {
        if (sharedNetwork) throw withoutWalls()
        const stopped = (cause: unknown) => new AppError('conflict', 'The desktop is not running.', { cause })
        if (local) return tunnelTo(local, sandbox.sandboxId, vncPort, true).catch((thrown: unknown) => Promise.reject(stopped(thrown)))
        const token = sandbox.trafficAccessToken
        const socket = new WebSocket(`wss://${sandbox.getHost(websocketPort)}/websockify`, ['binary'], {
          headers: token === undefined ? {} : { 'e2b-traffic-access-token': token },
          handshakeTimeout: openMs,
          // A frame is taken whole before any of it is read, and unpacked.
          maxPayload: maxFrameBytes,
          perMessageDeflate: false,
          followRedirects: false,
        })
        await new Promise<void>((resolve, reject) => {
          socket.once('open', resolve)
          socket.once('error', (error) => reject(stopped(error)))
        })
        return createWebSocketStream(socket)
      }),
    stop: () => attempt('stop the desktop', async () => void (await run(stopScript))),
  }
}

const withoutWalls = () =>
  new AppError('unavailable', 'A desktop needs an isolated sandbox. Without isolation it would be the desktop of this machine.')

function parseStatus(line: string): DesktopStatus {
  const [word, ...rest] = line.split('\n').at(-1)?.split(' ') ?? []
  if (word === 'missing') return { status: 'missing', missing: rest, installCommand: installCommand(rest) }
  if (word === 'stopped') return { status: 'stopped' }
  const [, width, height] = /^(\d+)x(\d+)$/.exec(rest[0] ?? '') ?? []
  if (word !== 'running' || width === undefined) throw new AppError('sandbox_failed', `The desktop did not start: ${rest.join(' ').slice(0, 200)}`)
  return { status: 'running', width: Number(width), height: Number(height) }
}
