import type { IncomingMessage, ServerResponse } from 'node:http'
import { Agent, request as httpRequest } from 'node:http'
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { passAnswer } from '../../base/foreign-answer.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { Live } from './machines.ts'
import type { SandboxRecord } from './store.ts'
import { directHeader, openTunnel, pipeBoth } from './tunnel.ts'

export const sameSecret = (given: unknown, expected: string) =>
  typeof given === 'string' && given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected))

export function answerJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body === undefined ? undefined : JSON.stringify(body))
}

/** The port of envd, whose calls need the sandbox's token, and that of the code interpreter, where knowing the id is enough. */
const envdPort = 49_983
const pythonPort = 49_999

/** Headers that concern one hop only, or that nothing inside has any business to see. */
const dropped = [
  'connection',
  'keep-alive',
  'host',
  'x-access-token',
  'x-api-key',
  'e2b-sandbox-id',
  'e2b-sandbox-port',
  'e2b-traffic-access-token',
  'upgrade',
  'proxy-authorization',
]

const Signed = /^v1_[A-Za-z0-9+/]{43}$/

/** Whether an address that the SDK signed with the sandbox's token is for this very file, and its time has not passed. */
function isSigned({ method, url }: IncomingMessage, token: string): boolean {
  const { pathname, searchParams } = new URL(url ?? '/', 'http://sandbox')
  const operation = method === 'GET' ? 'read' : method === 'POST' ? 'write' : undefined
  const signature = searchParams.get('signature')
  if (pathname !== '/files' || operation === undefined || signature === null || !Signed.test(signature)) return false
  const expires = searchParams.get('signature_expiration')
  if (expires !== null && !(Number(expires) * 1000 > Date.now())) return false
  const said = [searchParams.get('path') ?? '', operation, searchParams.get('username') ?? '', token, ...(expires === null ? [] : [expires])].join(
    ':',
  )
  return sameSecret(signature, `v1_${createHash('sha256').update(said).digest('base64').replace(/=+$/, '')}`)
}

export type Target = { sandboxId: string; port: number; host: string | undefined }

/** Which sandbox and port a request is for: by E2B's headers, or by a name such as `3000-<id>.localhost`. */
export function targetOf(request: IncomingMessage): Target | undefined {
  const { 'e2b-sandbox-id': sandboxId, 'e2b-sandbox-port': port, host } = request.headers
  if (typeof sandboxId === 'string') return { sandboxId, port: port === undefined ? envdPort : Number(port), host: undefined }
  const [, named, id] = /^(\d{1,5})-([a-z0-9]{8,40})\./.exec(host ?? '') ?? []
  return id === undefined ? undefined : { sandboxId: id, port: Number(named), host }
}

/** Passes a sandbox's own calls to the agent in it, and others to the ports inside. 502 when it does not run, which the SDK takes for its end. */
export function createRelay(lifecycle: Lifecycle) {
  const connections = new Agent({ keepAlive: true, maxFreeSockets: 16 })

  const running = (sandboxId: string): Live | undefined => {
    const one = lifecycle.live.get(sandboxId)
    return one && !one.machine.frozen ? one : undefined
  }
  /** Woken by the call where the sandbox was made so; never by the question whether it runs. */
  async function awake(request: IncomingMessage, { sandboxId, port }: Target): Promise<Live | undefined> {
    const one = running(sandboxId)
    const record = lifecycle.records.get(sandboxId)
    if (one || !record?.autoResume || (port === envdPort && request.url === '/health') || !mayPass(request, port, record)) return one
    return lifecycle.connect(sandboxId, record.timeoutMs, false)
  }
  /** Whether a port is open to this caller. */
  const mayPass = (request: IncomingMessage, port: number, { trafficToken }: SandboxRecord) =>
    port === envdPort || trafficToken === null || sameSecret(request.headers['e2b-traffic-access-token'], trafficToken)
  const mayCallAgent = (request: IncomingMessage, one: Live) => sameSecret(request.headers['x-access-token'], one.record.token)

  async function toPort(request: IncomingMessage, response: ServerResponse, one: Live, { port, host }: Target): Promise<void> {
    const socket = await openTunnel(one.machine.socketPath, port).catch(() => undefined)
    if (!socket) return answerJson(response, 502, { code: 502, message: `Nothing is listening on port ${port} in the sandbox.` })
    const headers = withoutDropped(request.headers)
    const forward = httpRequest({
      createConnection: () => socket,
      path: request.url,
      method: request.method,
      headers: { ...headers, host: host ?? `localhost:${port}`, connection: 'close' },
    })
    pass(request, response, forward, { mayRedirect: true })
  }

  return {
    /** The sandbox that a signed address without its name is for. */
    signedTarget(request: IncomingMessage): Target | undefined {
      const found = [...lifecycle.records.values()].find(({ token }) => isSigned(request, token))
      return found && { sandboxId: found.id, port: envdPort, host: undefined }
    },
    async handle(request: IncomingMessage, response: ServerResponse, target: Target): Promise<void> {
      const one = await awake(request, target)
      if (!one) return answerJson(response, 502, { code: 'unavailable', message: 'The sandbox is not running.' })
      const { port } = target
      if (!mayPass(request, port, one.record)) {
        return answerJson(response, 403, {
          code: 403,
          message: `Port ${port} is closed to whoever does not show the sandbox's traffic access token.`,
        })
      }
      if (port !== envdPort && port !== pythonPort) return toPort(request, response, one, target)
      if (port === envdPort && request.url !== '/health' && !mayCallAgent(request, one) && !isSigned(request, one.record.token)) {
        return answerJson(response, 401, { code: 'unauthenticated', message: 'a wrong access token' })
      }
      const path = port === pythonPort ? `/atrium/python${new URL(request.url ?? '/', 'http://sandbox').pathname}` : request.url
      const forward = httpRequest({
        socketPath: one.machine.socketPath,
        path,
        method: request.method,
        headers: { ...withoutDropped(request.headers), host: 'sandbox' },
        agent: connections,
      })
      pass(request, response, forward, { mayRedirect: false })
    },

    /** A websocket, or another protocol that begins as HTTP, to a port inside. */
    async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
      socket.on('error', () => socket.destroy())
      const target = targetOf(request)
      const one = target && (await awake(request, target))
      const inside =
        one &&
        target.port !== envdPort &&
        mayPass(request, target.port, one.record) &&
        (await openTunnel(one.machine.socketPath, target.port).catch(() => undefined))
      if (!inside) return void socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
      const lines = [`${request.method} ${request.url} HTTP/1.1`, `Host: ${target.host ?? `localhost:${target.port}`}`]
      for (let at = 0; at < request.rawHeaders.length; at += 2) {
        const name = String(request.rawHeaders[at])
        if (/^(connection|upgrade)$/i.test(name) || !dropped.includes(name.toLowerCase())) lines.push(`${name}: ${request.rawHeaders[at + 1]}`)
      }
      inside.write(`${lines.join('\r\n')}\r\n\r\n`)
      if (head.length > 0) inside.write(head)
      pipeBoth(socket, inside)
    },

    /** `CONNECT localhost:<port>` with the sandbox's id and token: the bytes of a connection to a port inside. */
    async connect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
      socket.on('error', () => socket.destroy())
      const id = request.headers['e2b-sandbox-id']
      const one = typeof id === 'string' ? running(id) : undefined
      const port = Number(/^localhost:(\d{1,5})$/.exec(request.url ?? '')?.[1])
      if (!one || !mayCallAgent(request, one)) {
        return void socket.end(`HTTP/1.1 ${one ? '401 Unauthorized' : '502 Bad Gateway'}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
      }
      const inside = await openTunnel(one.machine.socketPath, port, request.headers[directHeader] === 'yes').catch(() => undefined)
      if (!inside) return void socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      if (head.length > 0) inside.write(head)
      pipeBoth(socket, inside)
    },
    stop: () => connections.destroy(),
  }
}

const withoutDropped = (headers: IncomingMessage['headers']) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.includes(name)))

/** An agent is one program of a sandbox among others: it may not send whoever calls it, token in hand, elsewhere. */
function pass(
  request: IncomingMessage,
  response: ServerResponse,
  forward: ReturnType<typeof httpRequest>,
  { mayRedirect }: { mayRedirect: boolean },
): void {
  const refuse = () => answerJson(response, 502, { code: 'unavailable', message: 'The sandbox does not respond.' })
  passAnswer(forward, response, { mayRedirect, refuse })
  request.pipe(forward)
}
