import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiCalls } from '#shared/wire/api.ts'
import { oldestVersion, protocolVersion, versionHeader } from '#shared/wire/protocol.ts'
import { plainRoutes } from './app.ts'
import { ada, mei, send, signUp } from './testing/people.ts'
import type { TestPerson } from './testing/people.ts'
import { startTestServer } from './testing/server.ts'
import type { TestServer } from './testing/server.ts'

describe('the app', () => {
  let server: TestServer
  let owner: TestPerson
  beforeAll(async () => {
    server = await startTestServer()
    owner = await signUp(server.url, ada)
  })
  afterAll(() => server.stop())

  const error = async (answer: Response) => ((await answer.json()) as { error: { code: string; message: string; requestId: string } }).error

  test('every route is a call with a rule or known to be plain', () => {
    const known = new Set([...apiCalls, ...plainRoutes].map(({ method, path }) => `${method} ${path}`))
    const routes = server.parts.app.routes.filter(({ method, path }) => method !== 'ALL' && !path.startsWith('/demo-model/'))
    const without = [...new Set(routes.map(({ method, path }) => `${method} ${path}`))].filter((route) => !known.has(route))
    expect(without).toEqual([])
    expect(routes.length).toBeGreaterThan(20)
  })

  test('health, readiness, metrics and descriptions are there for anybody', async () => {
    for (const path of ['/api/health', '/api/ready', '/metrics', '/api/openapi.json', '/llms.txt']) {
      expect((await send(server.url, path)).status, path).toBe(200)
    }
    const description = (await (await send(server.url, '/api/openapi.json')).json()) as { openapi: string; paths: Record<string, object> }
    expect(description.openapi).toBe('3.1.0')
    expect(Object.values(description.paths).flatMap((path) => Object.keys(path))).toHaveLength(apiCalls.length)
    expect(JSON.stringify(description)).not.toContain('"undefined"')
    expect(description.paths['/api/projects/{id}/files/{path}']).toMatchObject({ put: { requestBody: { required: true } } })
  })

  test('from elsewhere the metrics are for an admin, and for a key of theirs', async () => {
    // Through a proxy, as whoever is not at this machine.
    const from = { 'x-forwarded-for': '203.0.113.9' }
    const status = async (headers: Record<string, string>) => (await send(server.url, '/metrics', { headers: { ...from, ...headers } })).status
    const person = await signUp(server.url, mei)
    expect(await status({})).toBe(401)
    expect(await status({ cookie: person.cookie })).toBe(403)
    expect(await status({ authorization: `Bearer ${await person.makeKey()}` })).toBe(403)
    expect(await status({ cookie: owner.cookie })).toBe(200)
    expect(await status({ authorization: `Bearer ${await owner.makeKey()}` })).toBe(200)
    expect((await send(server.url, '/metrics')).status).toBe(200)
  })

  test('the metrics hold no person, address or secret', async () => {
    await owner.fetch('/api/invites/a-secret-token')
    await send(server.url, '/api/projects/some-id-that-is-none?token=sk_secret')
    const text = await (await send(server.url, '/metrics')).text()
    expect(text).toContain('route="/api/invites/:token"')
    for (const secret of ['a-secret-token', 'sk_secret', 'some-id-that-is-none', owner.email, owner.id]) expect(text).not.toContain(secret)
  })

  test('an unknown address and a wrong method say so in the one form', async () => {
    const unknown = await owner.fetch('/api/nothing')
    expect(unknown.status).toBe(404)
    expect(await error(unknown)).toEqual({ code: 'not_found', message: expect.any(String), requestId: unknown.headers.get('x-request-id') })
    const wrong = await owner.fetch('/api/projects', { method: 'DELETE' })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
    expect((await send(server.url, '/room', { method: 'POST' })).status).toBe(404)
  })

  test('a page of a version that is not served any more is told to reload; a program that says none is served', async () => {
    const asking = (version?: string) => owner.fetch('/api/projects', version === undefined ? {} : { headers: { [versionHeader]: version } })
    const old = await asking(String(oldestVersion - 1))
    expect([old.status, (await error(old)).code]).toEqual([426, 'outdated'])
    for (const version of [undefined, '', 'latest', String(protocolVersion), String(protocolVersion + 1)])
      expect((await asking(version)).status, version).toBe(200)
    expect((await send(server.url, '/api/health', { headers: { [versionHeader]: '0' } })).status).toBe(200)
  })

  test('a bad body is a clear 4xx', async () => {
    const post = (body: string | Uint8Array, type = 'application/json') =>
      owner.fetch('/api/projects', { method: 'POST', body, headers: { 'content-type': type } })
    const cases: [Response, number, string][] = [
      [await post('{"name":'), 400, 'invalid_input'],
      [await post('[]'), 400, 'invalid_input'],
      [await post('null'), 400, 'invalid_input'],
      [await post('{"name":""}'), 400, 'invalid_input'],
      [await post('{"name":"a","id":"prj_1"}'), 400, 'invalid_input'],
      [await post('{"name":"a\\u0000b"}'), 400, 'invalid_input'],
      [await post(new Uint8Array([0x7b, 0xff, 0x7d])), 400, 'invalid_input'],
      [await post('<name>a</name>', 'application/xml'), 415, 'unsupported_media'],
      [await post('name=a', 'application/x-www-form-urlencoded'), 400, 'invalid_input'],
      [await post(JSON.stringify({ name: 'x'.repeat(2_000_000) })), 413, 'too_large'],
      [await post('['.repeat(200_000)), 400, 'invalid_input'],
    ]
    for (const [answer, status, code] of cases) expect([answer.status, (await error(answer)).code]).toEqual([status, code])
    const named = await owner.fetch('/api/projects', { method: 'POST', body: { name: 5 } })
    expect((await error(named)).message).toMatch(/^body\.name: /)
  })

  test('a malformed id is told apart from an unknown one, but only to who is signed in', async () => {
    expect((await owner.fetch('/api/projects/nonsense')).status).toBe(400)
    expect((await owner.fetch('/api/sessions/prj_01900000-0000-7000-8000-000000000000')).status).toBe(400)
    expect((await send(server.url, '/api/projects/nonsense')).status).toBe(401)
  })

  test('a request id is kept when it can be one', async () => {
    expect((await send(server.url, '/api/health', { headers: { 'x-request-id': 'abc-12345678' } })).headers.get('x-request-id')).toBe('abc-12345678')
    const odd = await send(server.url, '/api/health', { headers: { 'x-request-id': '<script>' } })
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('pages load nothing from elsewhere, and answers of the API are no pages', async () => {
    const page = await send(server.url, '/')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'self'")
    expect(policy).toContain("img-src 'self' data: blob:;")
    expect(policy).toContain("frame-ancestors 'none'")
    const answer = await owner.fetch('/api/projects')
    expect(answer.headers.get('content-security-policy')).toContain('sandbox')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    for (const { headers } of [page, answer]) expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('nothing outside of the built client can be read', async () => {
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/assets/..%5c..%5cpackage.json', '/%00', '/%zz']) {
      const text = await rawGet(path)
      expect(text, path).not.toContain('"dependencies"')
      expect(text, path).toMatch(/^HTTP\/1\.1 (?:200|404|400|503)/)
    }
  })

  test('bytes that are not HTTP, and an upgrade to nowhere, hurt nobody', async () => {
    expect(await raw('\u0000\u0001garbage\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/)
    const upgrade =
      'GET /nowhere HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x\r\nsec-websocket-version: 13\r\n\r\n'
    expect(await raw(upgrade)).toMatch(/^HTTP\/1\.1 40[04]/)
    const overlong = await raw(`GET /api/health HTTP/1.1\r\nhost: localhost\r\nx-long: ${'a'.repeat(20_000)}\r\n\r\n`)
    expect(overlong).toMatch(/^HTTP\/1\.1 431 /)
    expect(JSON.parse(overlong.split('\r\n\r\n')[1] ?? '')).toEqual({
      error: { code: 'too_large', message: expect.any(String), requestId: expect.any(String) },
    })
    const oddHost = await raw('GET / HTTP/1.1\r\nhost: bad host\r\nconnection: close\r\n\r\n')
    expect(oddHost).toMatch(/^HTTP\/1\.1 400 /)
    expect(oddHost).toContain('"code":"invalid_input"')
    expect((await send(server.url, '/api/health')).status).toBe(200)
  })

  const rawGet = (path: string) => raw(`GET ${path} HTTP/1.1\r\nhost: ${new URL(server.url).host}\r\nconnection: close\r\n\r\n`)

  function raw(request: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(server.port, '127.0.0.1', () => socket.write(request, 'latin1'))
      let text = ''
      socket.setEncoding('latin1')
      socket.on('data', (chunk) => (text += chunk))
      socket.on('end', () => resolve(text))
      socket.on('error', reject)
    })
  }
})

test('a stop answers what is under way and closes, even while somebody holds a connection', async () => {
  const server = await startTestServer()
  const held = connect(server.port, '127.0.0.1')
  await new Promise((resolve) => held.once('connect', resolve))
  held.on('error', () => undefined)
  const owner = signUp(server.url, ada)
  await owner
  await server.stop()
  await expect(send(server.url, '/api/health')).rejects.toThrow('fetch failed')
})
