import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { RequestError, getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import type { ErrorCode } from '#shared/base/errors.ts'
import { guardRequests } from '../base/guard.ts'
import type { Logger } from '../base/logger.ts'
import { ConfigError } from '../config.ts'
import { errorBody } from './error-body.ts'
import type { AppEnv } from './serve.ts'

/** Longer than a proxy's own limit, so that the proxy closes idle connections and never writes into a closed one. */
const keepAliveMs = 75_000

/** May take a request before the app does: true when it did, or will hand it to `serve`. */
export type Before = (incoming: IncomingMessage, outgoing: ServerResponse, serve: () => void) => boolean

export function createHttpServer(app: Hono<AppEnv>, log: Logger, before: Before = () => false): Server {
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false, errorHandler: answerUnusable })
  // What is served later than at once fails in the same way.
  const serve = guardRequests(log, (incoming, outgoing) => listener(incoming, outgoing))
  const server = createServer(
    guardRequests(log, (incoming, outgoing) => {
      if (!before(incoming, outgoing, () => serve(incoming, outgoing))) serve(incoming, outgoing)
    }),
  )
  server.keepAliveTimeout = keepAliveMs
  server.headersTimeout = keepAliveMs + 5000
  server.on('clientError', answerUnreadable)
  return server
}

/** A request that the app was never given: its address or its `Host` is none. The app answers its own errors. */
function answerUnusable(error: unknown): Response {
  const [status, body] =
    error instanceof RequestError
      ? [400, errorBody('invalid_input', 'The address or the Host of this request is not well-formed.')]
      : [500, errorBody('internal', 'Something went wrong on the server.')]
  return new Response(body, { status, headers: { 'content-type': 'application/json' } })
}

const unreadable: Record<string, [string, ErrorCode, string]> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'too_large', 'The address and headers of a request may have at most 16 KB.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'invalid_input', 'The request took too long to arrive.'],
}

/** What never became a request is answered in the one form too. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  const [status, code, message] = unreadable[error.code ?? ''] ?? ['400 Bad Request', 'invalid_input', 'This is not a request of HTTP.']
  const body = errorBody(code, message)
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n`
  socket.end(head + body)
}

/** @throws ConfigError when the port or address cannot be used. */
export async function listen(server: Server, { port, host }: { port: number; host: string }): Promise<{ port: number; url: string }> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw cannotListen(error as NodeJS.ErrnoException, port, host)
  }
  const bound = (server.address() as AddressInfo).port
  const everywhere = host === '0.0.0.0' || host === '::'
  const name = everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return { port: bound, url: `http://${name}:${bound}` }
}

function cannotListen(error: NodeJS.ErrnoException, port: number, host: string): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ConfigError(`PORT ${port} is in use by another program. Stop it, or set PORT to another port.`)
    case 'EACCES':
      return new ConfigError(`PORT ${port} may not be used by this user. Set PORT to one above 1023.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ConfigError(`HOST ${host} is not an address of this machine.`)
    default:
      return error
  }
}
