import { request as requestUpstream, type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { AppError, errorStatus, type ErrorCode } from '#shared/base/errors.ts'
import { hopHeaders, passAnswer } from '../base/foreign-answer.ts'
import { learnLogFields } from '../base/log-fields.ts'
import type { Logger } from '../base/logger.ts'
import { toAppError } from '../http/to-app-error.ts'
import type { Pages } from './pages.ts'
import type { Previews } from './service.ts'

/** What is wrong with the request; everything else is the preview's trouble. */
const statusOf: Partial<Record<ErrorCode, number>> = Object.fromEntries(
  (['not_found', 'invalid_input', 'method_not_allowed', 'forbidden', 'too_large', 'rate_limited'] as const).map((code) => [code, errorStatus[code]]),
)

const endedText = 'This preview has ended. Open it again from its room.'
const forbidden = 'HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

const tooMany = 'HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

/** Requests and sockets of one preview at a time: far more than a page opens. */
export const maxOpen = 256

type Deps = { previews: Previews; pages: Pick<Pages, 'answer'>; log: Logger }

/** Takes the requests and sockets whose `Host` is a preview's, and hands them to the port inside, or answers with the page. */
export function createPreviewProxy({ previews, pages, log }: Deps) {
  let sockets = 0

  async function answer(label: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const grant = await previews.resolve(label)
    if (!grant) return say(outgoing, 403, endedText)
    learnLogFields({ projectId: grant.projectId, userId: grant.userId })
    if (grant.open.size >= maxOpen) throw new AppError('rate_limited', 'This preview has as many requests open as it may. Try again soon.')
    const close = () => outgoing.destroy()
    grant.open.add(close)
    outgoing.once('close', () => grant.open.delete(close))
    const { projectId, target } = grant
    if (target.kind === 'pages') return pages.answer({ projectId, shownBy: target.shownBy }, incoming, outgoing)
    const { port } = target
    const { stream, headers } = await previews.connect(grant.projectId, port)
    // It may have ended while the connection was made.
    if (grant.ended) {
      stream.destroy()
      return say(outgoing, 403, endedText)
    }
    const upstream = requestUpstream({
      createConnection: () => stream as never,
      method: incoming.method,
      path: incoming.url,
      headers: { ...inward(incoming.headers, port), ...headers },
      setHost: false,
    })
    passAnswer(upstream, outgoing, {
      headers: (response) => outward(response.headers, port, incoming),
      refuse: (status) =>
        say(outgoing, 502, `The program on port ${port} ${status === undefined ? 'did not answer' : `answered with status ${status}`}.`),
    })
    incoming.pipe(upstream)
  }

  async function join(label: string, incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const grant = await previews.resolve(label)
    if (grant?.target.kind !== 'port') return void socket.end(forbidden)
    if (grant.open.size >= maxOpen) return void socket.end(tooMany)
    const leave = () => socket.destroy()
    learnLogFields({ projectId: grant.projectId, userId: grant.userId })
    grant.open.add(leave)
    sockets += 1
    socket.once('close', () => {
      grant.open.delete(leave)
      sockets -= 1
    })
    const { port } = grant.target
    const { stream, headers } = await previews.connect(grant.projectId, port)
    if (grant.ended) {
      stream.destroy()
      return void socket.end(forbidden)
    }
    const lines = Object.entries({
      ...inward(incoming.headers, port),
      ...headers,
      connection: 'Upgrade',
      upgrade: incoming.headers.upgrade ?? 'websocket',
    })
    const list = lines.flatMap(([name, value]) => (value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}`)))
    stream.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${list.join('\r\n')}\r\n\r\n`)
    if (head.length > 0) stream.write(head)
    stream.pipe(socket)
    socket.pipe(stream)
    const end = () => {
      stream.destroy()
      socket.destroy()
    }
    for (const one of [stream, socket]) one.on('error', end).on('close', end)
  }

  return {
    /** Open websockets. */
    sockets: () => sockets,
    /** True when the request is a preview's, whatever becomes of it. */
    handleRequest(incoming: IncomingMessage, outgoing: ServerResponse): boolean {
      const label = previews.labelOf(incoming.headers.host)
      if (label === undefined) return false
      answer(label, incoming, outgoing).catch((thrown: unknown) => {
        const error = toAppError(thrown)
        if (error.code === 'internal') log.error({ err: thrown }, 'a preview could not be shown')
        if (outgoing.headersSent) outgoing.destroy()
        else say(outgoing, statusOf[error.code] ?? 502, error.code === 'internal' ? 'The preview cannot be reached.' : error.message)
      })
      return true
    },
    handleUpgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): boolean {
      const label = previews.labelOf(incoming.headers.host)
      if (label === undefined) return false
      socket.on('error', () => socket.destroy())
      join(label, incoming, socket, head).catch(() => socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'))
      return true
    },
  }
}

/** As the program expects to be reached: development servers refuse names they do not know. */
function inward(headers: IncomingHttpHeaders, port: number): OutgoingHttpHeaders {
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.has(name)))
  const own = `localhost:${port}`
  const from = (value: string | undefined) => {
    try {
      const url = new URL(value ?? '')
      return url.hostname === headers.host?.replace(/:\d+$/, '') ? `http://${own}${value === url.origin ? '' : url.pathname + url.search}` : value
    } catch {
      return value
    }
  }
  return {
    ...kept,
    host: own,
    ...(headers.origin && { origin: from(headers.origin) }),
    ...(headers.referer && { referer: from(headers.referer) }),
    'x-forwarded-host': headers.host,
    ...(headers['transfer-encoding'] && { 'transfer-encoding': 'chunked' }),
  }
}

/** Back to the browser: the address stays the preview's, and it may be shown in our page. */
function outward(headers: IncomingHttpHeaders, port: number, incoming: IncomingMessage): OutgoingHttpHeaders {
  const out: OutgoingHttpHeaders = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'x-frame-options'))
  const location = headers.location?.replace(new RegExp(`^https?://(?:localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0):${port}(?=/|$)`), '')
  if (headers.location !== undefined) out.location = location === '' ? '/' : location
  // A cookie is the preview's own, whatever domain it was made for.
  if (headers['set-cookie']) out['set-cookie'] = headers['set-cookie'].map((cookie) => cookie.replace(/;\s*domain\s*=[^;]*/gi, ''))
  // Its address is a key: nobody it links to is told.
  out['referrer-policy'] = 'no-referrer'
  out['x-robots-tag'] = 'noindex'
  // A server of its own may have its own rules of who may frame it; here that is our page, which only a member sees.
  const policy = headers['content-security-policy']
  if (policy !== undefined) out['content-security-policy'] = String(policy).replace(/(^|;)\s*frame-ancestors[^;]*/gi, '$1')
  if (incoming.method === 'HEAD') delete out['content-length']
  return out
}

function say(outgoing: ServerResponse, status: number, text: string): void {
  outgoing.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })
  outgoing.end(`${text}\n`)
}
