import {
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http'

/** Between two hops, and no further. */
export const hopHeaders: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

type Options = {
  /** What is sent in place of the answer's own headers. */
  headers?(answer: IncomingMessage): OutgoingHttpHeaders
  /** Whether an answer may send the client elsewhere (300 to 399). It may, unless that client carries a secret. */
  mayRedirect?: boolean
  /** Answers instead, nothing having been sent. The status is one that cannot be passed on; without one there was no answer. */
  refuse(status: number | undefined): void
}

/**
 * The one way in which an answer of a program that is not ours is passed on. Its status must be one that ends a request (200 to
 * 599), else it is refused; its reason is dropped, and so is each header that could not be sent. An answer that breaks off
 * breaks off there as well.
 */
export function passAnswer(forward: ClientRequest, response: ServerResponse, { headers, mayRedirect = true, refuse }: Options): void {
  const unanswered = (status?: number) => {
    if (response.headersSent) response.destroy()
    else if (!response.destroyed) refuse(status)
  }
  forward.once('response', (answer) => {
    const { statusCode = 0 } = answer
    const isRedirect = statusCode >= 300 && statusCode <= 399
    if (response.destroyed || statusCode < 200 || statusCode > 599 || (isRedirect && !mayRedirect)) {
      answer.on('error', () => undefined).destroy()
      return unanswered(statusCode)
    }
    answer.once('error', () => response.destroy())
    answer.once('aborted', () => response.destroy())
    response.writeHead(statusCode, sound(headers?.(answer) ?? answer.headers))
    response.flushHeaders()
    answer.pipe(response)
  })
  // Nobody asked for another protocol.
  forward.once('upgrade', (answer, socket) => {
    socket.destroy()
    unanswered(answer.statusCode)
  })
  forward.once('error', () => unanswered())
  forward.once('close', () => response.headersSent || unanswered())
  response.once('close', () => forward.destroy())
}

/** Those that may be sent: what reads them is more lenient than what writes them. */
function sound(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name, value]) => value !== undefined && !hopHeaders.has(name) && isSound(name, value)))
}

function isSound(name: string, value: number | string | readonly string[]): boolean {
  try {
    validateHeaderName(name)
    for (const one of [value].flat()) validateHeaderValue(name, String(one))
    return true
  } catch {
    return false
  }
}
