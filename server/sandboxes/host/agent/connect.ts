import type { IncomingMessage, ServerResponse } from 'node:http'

/*
 * The Connect protocol (connectrpc.com/docs/protocol) with JSON over HTTP/1.1. Unary calls are plain JSON. Streams are
 * envelopes: one byte of flags, four of big-endian length, JSON; the last envelope has flag 2.
 */

const httpStatus = {
  canceled: 499,
  invalid_argument: 400,
  not_found: 404,
  already_exists: 409,
  permission_denied: 403,
  resource_exhausted: 429,
  failed_precondition: 400,
  unimplemented: 501,
  internal: 500,
  unavailable: 503,
} as const

export type RpcCode = keyof typeof httpStatus

/** A failure whose code and message the caller sees. */
export class RpcError extends Error {
  readonly code: RpcCode
  constructor(code: RpcCode, message: string) {
    super(message)
    this.code = code
  }
}

const rpcCodeOf: Record<string, RpcCode> = {
  ENOENT: 'not_found',
  ENOTDIR: 'not_found',
  EEXIST: 'already_exists',
  ENOTEMPTY: 'already_exists',
  EACCES: 'permission_denied',
  EPERM: 'permission_denied',
  EROFS: 'permission_denied',
  EISDIR: 'invalid_argument',
  EINVAL: 'invalid_argument',
  ENAMETOOLONG: 'invalid_argument',
  ELOOP: 'invalid_argument',
  ENOSPC: 'resource_exhausted',
  EDQUOT: 'resource_exhausted',
  EFBIG: 'resource_exhausted',
}

export function errnoOf(thrown: unknown): string {
  const code = (thrown as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}

export function asRpcError(thrown: unknown): RpcError {
  if (thrown instanceof RpcError) return thrown
  return new RpcError(rpcCodeOf[errnoOf(thrown)] ?? 'internal', thrown instanceof Error ? thrown.message : String(thrown))
}

/** @throws RpcError `resource_exhausted` past `max` bytes. */
export async function readAll(request: IncomingMessage, max: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > max) throw new RpcError('resource_exhausted', `the request has more than ${max} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export type Message = Record<string, unknown>

function parseMessage(bytes: Buffer): Message {
  let value: unknown
  try {
    value = bytes.length === 0 ? {} : JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new RpcError('invalid_argument', 'the message is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RpcError('invalid_argument', 'expected a JSON object')
  return value as Message
}

export const readUnary = (body: Buffer) => parseMessage(body)

/** The one message of a server stream's request. */
export function readEnvelope(body: Buffer): Message {
  if (body.length < 5) throw new RpcError('invalid_argument', 'the envelope is cut off')
  if (body[0] !== 0) throw new RpcError('invalid_argument', 'compressed envelopes are not read')
  const length = body.readUInt32BE(1)
  if (body.length < 5 + length) throw new RpcError('invalid_argument', 'the envelope is cut off')
  return parseMessage(body.subarray(5, 5 + length))
}

const envelope = (flags: number, message: Message) => {
  const json = Buffer.from(JSON.stringify(message))
  const head = Buffer.alloc(5)
  head[0] = flags
  head.writeUInt32BE(json.length, 1)
  return Buffer.concat([head, json])
}

export function answerUnary(response: ServerResponse, message: Message): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(message))
}

export function answerError(response: ServerResponse, thrown: unknown): void {
  const { code, message } = asRpcError(thrown)
  response.writeHead(httpStatus[code], { 'content-type': 'application/json' }).end(JSON.stringify({ code, message }))
}

/** A stream to one caller. `send` is false when the caller reads too slowly: wait for `drained`. */
export type Stream = {
  send(message: Message): boolean
  drained(): Promise<void>
  end(error?: unknown): void
  /** Called once, when either side ended it. */
  onClose(listener: () => void): void
}

/** @param keepAlive sent when `keepAliveMs` pass, so that no proxy takes the stream for dead. */
export function openStream(response: ServerResponse, keepAlive: Message, keepAliveMs: number): Stream {
  response.writeHead(200, { 'content-type': 'application/connect+json' })
  response.flushHeaders()
  const timer = setInterval(() => response.write(envelope(0, keepAlive)), keepAliveMs)
  response.once('close', () => clearInterval(timer))
  return {
    send: (message) => response.destroyed || response.writableEnded || response.write(envelope(0, message)),
    drained: () =>
      new Promise((resolve) => {
        if (response.destroyed || !response.writableNeedDrain) return resolve()
        response.once('drain', resolve)
        response.once('close', resolve)
      }),
    end(error) {
      if (response.writableEnded || response.destroyed) return
      const failure = error === undefined ? undefined : asRpcError(error)
      response.end(envelope(2, failure ? { error: { code: failure.code, message: failure.message } } : {}))
    },
    onClose: (listener) => void response.once('close', listener),
  }
}
