import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from './logger.ts'

type Log = Pick<Logger, 'error'>

/** A listener for requests whose errors, thrown or rejected with, end the one request and never the process. */
export function guardRequests(log: Log, listener: (request: IncomingMessage, response: ServerResponse) => unknown) {
  return (request: IncomingMessage, response: ServerResponse): void =>
    guard(
      () => listener(request, response),
      (error) => {
        const foreign = isForeign(error)
        if (!foreign) log.error({ err: error }, 'a request failed')
        if (response.headersSent) response.destroy()
        else
          response.writeHead(foreign ? 400 : 500, { 'content-type': 'text/plain; charset=utf-8' }).end(foreign ? 'Bad request\n' : 'Internal error\n')
      },
    )
}

/** The same for `upgrade` and `connect`: the socket is all there is. */
export function guardSockets(log: Log, listener: (request: IncomingMessage, socket: Duplex, head: Buffer) => unknown) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy())
    guard(
      () => listener(request, socket, head),
      (error) => {
        if (!isForeign(error)) log.error({ err: error }, 'a connection failed')
        socket.destroy()
      },
    )
  }
}

function guard(work: () => unknown, failed: (error: unknown) => void): void {
  try {
    Promise.resolve(work()).catch(failed)
  } catch (error) {
    failed(error)
  }
}

/** Of what was sent to us, not of ours: an address, a header or a path that Node cannot use. */
const foreign = new Set(['ERR_INVALID_URL', 'ERR_INVALID_CHAR', 'ERR_UNESCAPED_CHARACTERS', 'ERR_INVALID_HTTP_TOKEN', 'ERR_INVALID_ARG_VALUE'])
const isForeign = (error: unknown) => error instanceof Error && 'code' in error && typeof error.code === 'string' && foreign.has(error.code)
