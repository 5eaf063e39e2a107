import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createGzip } from 'node:zlib'
import { Readable } from 'node:stream'

const chunk = Buffer.alloc(64 * 1024, 0x20)
const json = { 'content-type': 'application/json' }
const isStream = (request: IncomingMessage) => request.headers['content-type'] === 'application/connect+json'
const typeOf = (request: IncomingMessage) => (isStream(request) ? { 'content-type': 'application/connect+json' } : json)

function envelope(length: number, body: Buffer = Buffer.alloc(0), flags = 0): Buffer {
  const head = Buffer.alloc(5)
  head[0] = flags
  head.writeUInt32BE(length, 1)
  return Buffer.concat([head, body])
}
export const frame = (message: unknown, flags = 0) => {
  const body = Buffer.from(JSON.stringify(message))
  return envelope(body.length, body, flags)
}
export const begun = Buffer.concat([frame({ event: { start: { pid: 7 } } }), frame({ start: {} })])

/** Without end, as fast as it is taken. */
function endless(response: ServerResponse, bytes: Buffer): void {
  Readable.from(
    (function* () {
      for (;;) yield bytes
    })(),
  )
    .on('error', () => undefined)
    .pipe(response)
}

type Behave = (request: IncomingMessage, response: ServerResponse) => void

/** What a sandbox that somebody has taken over may answer to any call. */
export const hostilities = {
  'never an answer': () => undefined,
  'a head and nothing more': (request, response) => response.writeHead(200, typeOf(request)).flushHeaders(),
  'a byte now and then': (request, response) => {
    response.writeHead(200, typeOf(request)).flushHeaders()
    const timer = setInterval(() => response.write(' '), 20)
    response.once('close', () => clearInterval(timer))
  },
  'endless JSON': (request, response) => {
    response.writeHead(200, typeOf(request)).write('{"entries":[{"name":"')
    endless(response, Buffer.alloc(64 * 1024, 'a'))
  },
  'endless empty entries': (request, response) => {
    response.writeHead(200, typeOf(request)).write('{"entries":[{}')
    endless(response, Buffer.from(',{}'.repeat(20_000)))
  },
  'endless blanks': (request, response) => endless(response.writeHead(200, typeOf(request)), chunk),
  'a length beyond all': (request, response) => {
    response.writeHead(200, { ...typeOf(request), 'content-length': String(2 ** 40) })
    endless(response, chunk)
  },
  'a bomb of gzip': (request, response) => {
    response.writeHead(200, { ...typeOf(request), 'content-encoding': 'gzip' })
    const packed = createGzip({ level: 9 })
    packed.on('error', () => undefined).pipe(response)
    Readable.from(
      (function* () {
        yield Buffer.from('{"entries":[{"name":"')
        for (;;) yield chunk
      })(),
    )
      .on('error', () => undefined)
      .pipe(packed)
  },
  'a frame of four gigabytes': (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/connect+json' }).write(envelope(2 ** 32 - 1))
    endless(response, chunk)
  },
  'other types': (request, response) => {
    const odd = { entries: { length: 2 ** 32 }, entry: 7, ports: { 0: 'x' }, event: [], id: { a: 1 }, type: 'result', text: [1] }
    if (isStream(request)) response.writeHead(200, typeOf(request)).end(Buffer.concat([frame(odd), frame([], 2)]))
    else response.writeHead(200, json).end(JSON.stringify(odd))
  },
  'what is not HTTP': (_request, response) => response.socket?.end('nothing of this is HTTP\r\n\r\n'),
} satisfies Record<string, Behave>

/** A sandbox whose agent answers as `behave` says; it is asked over the network as any other. */
export async function openHostileSandbox() {
  const sockets = new Set<Socket>()
  const state: { behave: Behave; written: number } = { behave: () => undefined, written: 0 }
  const server = createServer((request, response) => {
    response.on('error', () => undefined)
    request.on('error', () => undefined)
    state.behave(request, response)
  })
  server.on('connection', (socket) => {
    sockets.add(socket.on('error', () => undefined))
    socket.once('close', () => {
      state.written += socket.bytesWritten
      sockets.delete(socket)
    })
  })
  // A tunnel that is asked for is never given.
  server.on('connect', () => undefined)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave: (how: Behave) => void (state.behave = how),
    /** Bytes that were taken from it. */
    taken: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, state.written),
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((closed) => server.close(closed))
    },
  }
}
