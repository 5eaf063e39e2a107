import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http'
import { connect, createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generator, pick } from '../testing/chance.ts'
import { passAnswer } from './foreign-answer.ts'
import { guardRequests, guardSockets } from './guard.ts'

const failures: unknown[] = []
const log = { error: (...what: unknown[]) => void failures.push(what) }
const listening = (server: Server) =>
  new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))

/** A program that says anything at all, behind a server of ours that passes it on. */
describe('what a program answers that is not ours', () => {
  let says: Buffer = Buffer.alloc(0)
  let mayRedirect = true
  const program = createTcpServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(says))
  })
  let inside = 0
  let outside = 0
  const ours = createServer(
    guardRequests(log, (request: IncomingMessage, response: ServerResponse) => {
      const forward = httpRequest({ host: '127.0.0.1', port: inside, path: request.url, method: request.method, agent: false })
      passAnswer(forward, response, { mayRedirect, refuse: () => void response.writeHead(502).end('refused') })
      request.pipe(forward)
    }),
  )
  beforeAll(async () => {
    inside = await listening(program)
    outside = await listening(ours)
  })
  afterAll(() => {
    program.close()
    ours.closeAllConnections()
    ours.close()
  })

  /** The status and the headers that whoever asks is given; undefined when the connection ends without an answer. */
  const ask = (text: Buffer | string, method = 'GET') => {
    says = Buffer.isBuffer(text) ? text : Buffer.from(text, 'latin1')
    return new Promise<{ status: number; reason: string; headers: Record<string, unknown>; body: string } | undefined>((resolve) => {
      const asked = httpRequest({ host: '127.0.0.1', port: outside, method, agent: false }, (answer) => {
        let body = ''
        answer.setEncoding('latin1').on('data', (part: string) => (body += part))
        answer.once('error', () => resolve(undefined))
        answer.once('close', () => resolve({ status: answer.statusCode ?? 0, reason: answer.statusMessage ?? '', headers: answer.headers, body }))
      })
      asked.once('error', () => resolve(undefined))
      asked.end()
    })
  }

  test('every status from 0 to 999: those that end a request pass, every other is a 502', async () => {
    const told: Record<number, number | undefined> = {}
    for (let status = 0; status <= 999; status += 1) {
      told[status] = (await ask(`HTTP/1.1 ${String(status).padStart(3, '0')} So\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`))?.status
    }
    for (let status = 0; status <= 999; status += 1) expect(told[status], String(status)).toBe(status >= 200 && status <= 599 ? status : 502)
  })

  test('its reason is not passed on, nor a header that cannot be sent or is for one hop', async () => {
    const answer = await ask(
      'HTTP/1.1 200 All \x01\x7f right\r\ntrailer: x\r\nupgrade: h2c\r\nkeep-alive: timeout=9\r\nx-name: a\r\nset-cookie: a=1\r\nset-cookie: b=2\r\ncontent-length: 2\r\n\r\nhi',
    )
    expect(answer).toMatchObject({ status: 200, reason: 'OK', body: 'hi', headers: { 'x-name': 'a', 'set-cookie': ['a=1', 'b=2'] } })
    for (const name of ['trailer', 'upgrade']) expect(answer?.headers).not.toHaveProperty(name)
    expect((await ask('HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: any\r\n\r\n'))?.status).toBe(502)
  })

  test('who carries a secret is sent nowhere else', async () => {
    mayRedirect = false
    for (const status of [300, 301, 302, 303, 304, 307, 308, 399]) {
      expect((await ask(`HTTP/1.1 ${status} X\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n`))?.status).toBe(502)
    }
    mayRedirect = true
    expect(await ask('HTTP/1.1 302 X\r\nlocation: /there\r\ncontent-length: 0\r\n\r\n')).toMatchObject({
      status: 302,
      headers: { location: '/there' },
    })
  })

  test('10,000 heads of chance: each is answered or cut off, and ours serves on', async () => {
    const seed = Number(process.env.ATRIUM_FUZZ_SEED ?? Date.now() % 2 ** 31)
    const random = generator(seed)
    const below = (end: number) => Math.floor(random() * end)
    const of = <T>(all: readonly T[]) => pick(all, random)
    const bytes = () => Buffer.from(Array.from({ length: below(40) }, () => below(256)))
    const line = () => of<() => Buffer>([bytes, () => Buffer.from(of(heads), 'latin1')])()
    for (let turn = 0; turn < 10_000; turn += 1) {
      const start = Buffer.from(`HTTP/1.${below(3)} ${of(['', '0', '9'])}${below(1200)} `, 'latin1')
      const lines = [below(8) === 0 ? line() : Buffer.concat([start, line()]), ...Array.from({ length: below(6) }, line)]
      const head = Buffer.concat(lines.flatMap((one) => [one, Buffer.from(of(['\r\n', '\r\n', '\r\n', '\n']))]))
      const answer = await ask(Buffer.concat([head, Buffer.from('\r\n'), bytes()]), of(['GET', 'GET', 'HEAD', 'POST']))
      if (answer && (answer.status < 200 || answer.status > 599)) throw new Error(`seed ${seed}, turn ${turn}: ${answer.status}`)
    }
    expect(await ask('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi'), `seed ${seed}`).toMatchObject({ status: 200, body: 'hi' })
    expect(failures, `seed ${seed}`).toEqual([])
  })
})

const heads = [
  'content-length: 3',
  'content-length: 99999999999999999999',
  'content-length: 1, 2',
  'transfer-encoding: chunked',
  'transfer-encoding: gzip, chunked',
  'trailer: x-after',
  'connection: upgrade',
  'upgrade: websocket',
  'connection: keep-alive, x-name',
  'location: //\x00\xff',
  'set-cookie: a=\x01; b',
  'x-\xe9: \xff',
  ': no name',
  'name with blanks: 1',
  'date: yesterday',
  'expect: 100-continue',
]

test('a listener that throws or rejects ends its own connection, and no other', async () => {
  const complaints: unknown[] = []
  const server = createServer(
    guardRequests({ error: (what: unknown) => void complaints.push(what) }, async (request, response) => {
      if (request.url === '/fine') return void response.end('fine')
      if (request.url === '/later') await Promise.reject(new Error('later'))
      if (request.url === '/half') response.write('half')
      if (request.url !== '//') throw new Error('at once')
      return new URL(request.url, 'http://server')
    }),
  )
  server.on(
    'upgrade',
    guardSockets({ error: (what: unknown) => void complaints.push(what) }, () => {
      throw new Error('no socket')
    }),
  )
  const port = await listening(server)
  const get = (path: string) =>
    new Promise<number | 'cut off'>((resolve) => {
      httpRequest({ host: '127.0.0.1', port, path, agent: false }, (answer) => {
        answer.resume().once('error', () => resolve('cut off'))
        answer.once('end', () => resolve(answer.statusCode ?? 0))
      })
        .once('error', () => resolve('cut off'))
        .end()
    })
  expect(await Promise.all(['/later', '/now', '/half', '//'].map(get))).toEqual([500, 500, 'cut off', 400])
  const socket: Socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined).write('GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: any\r\n\r\n')
  await new Promise((closed) => socket.once('close', closed))
  // An address that is none is no fault of ours.
  expect(complaints).toHaveLength(4)
  expect(await get('/fine')).toBe(200)
  server.closeAllConnections()
  server.close()
})
