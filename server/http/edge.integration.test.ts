import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { ada, cookieOf, makeProject, mei, send, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'

type Got = { status: number; text: string; headers: NodeJS.Dict<string | string[]> }

/** With whatever `Host`, which `fetch` does not let through. */
const ask = (server: TestServer, path: string, headers: Record<string, string>, { method = 'GET', body }: { method?: string; body?: string } = {}) =>
  new Promise<Got>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => (text += chunk))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }))
    })
    asked.on('error', reject)
    asked.end(body)
  })

/** The status with which a websocket is answered. */
const upgradeStatus = (server: TestServer, path: string, headers: Record<string, string>) =>
  new Promise<number>((resolve, reject) => {
    const lines = Object.entries({
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-version': '13',
      ...headers,
    })
    const socket = connect(server.port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`),
    )
    socket.once('data', (data: Buffer) => {
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(data.toString())?.[1]))
      socket.destroy()
    })
    socket.on('error', reject)
  })

const person = (who: { name: string; email: string }) => ({ ...who, password: 'correct horse battery' })

describe('a server on its own machine', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server.stop())

  test('a page whose name was made to lead here reads nothing and makes no account', async () => {
    const host = 'rebound.example:3000'
    const headers = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }
    const made = await ask(server, '/api/auth/sign-up', headers, { method: 'POST', body: JSON.stringify(person(ada)) })
    expect([made.status, JSON.parse(made.text)]).toEqual([
      421,
      { error: { code: 'misdirected', message: expect.stringContaining('rebound.example') as string, requestId: expect.any(String) as string } },
    ])
    expect(made.text).toContain('ATRIUM_HOSTS')
    for (const path of ['/', '/assets/x.js', '/api/health', '/api/auth/setup', '/metrics', '/nothing']) {
      for (const name of ['rebound.example', 'localhost.', 'x.localhost', 'machine', '192.168.1.5']) {
        expect((await ask(server, path, { host: name })).status, `${name} ${path}`).toBe(421)
      }
    }
    for (const path of ['/sync', '/yjs/board/x', '/api/projects/x/desktop', '/nothing']) {
      expect(await upgradeStatus(server, path, { host }), path).toBe(421)
    }
    expect(await (await send(server.url, '/api/auth/setup')).json()).toEqual({ firstAccount: true, signUp: 'open' })
  })

  test('the names of the machine are served, and unknown previews answer for themselves', async () => {
    for (const host of ['localhost', `localhost:${server.port}`, '127.0.0.1', `[::1]:${server.port}`]) {
      expect((await ask(server, '/api/ready', { host })).status, host).toBe(200)
    }
    expect((await ask(server, '/', { host: `${'a'.repeat(26)}.localhost` })).status).toBe(403)
    expect(await upgradeStatus(server, '/', { host: `${'a'.repeat(26)}.localhost` })).toBe(403)
  })

  test('headers of proxies that nobody named change neither address nor scheme, and make nobody local', async () => {
    const forged = { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example', 'x-real-ip': '127.0.0.1' }
    const first = await send(server.url, '/api/auth/sign-up', { method: 'POST', body: person(ada), headers: forged })
    expect([first.status, (await first.json()) as unknown]).toEqual([
      403,
      { error: { code: 'forbidden', message: expect.stringContaining('setup code') as string, requestId: expect.any(String) as string } },
    ])
    const owner = await signUp(server.url, ada)
    const signedIn = await send(server.url, '/api/auth/sign-in', {
      method: 'POST',
      body: { email: ada.email, password: owner.password },
      headers: forged,
    })
    expect(signedIn.headers.getSetCookie()[0]).toMatch(/^atrium_session=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=/)
    const project = await makeProject(owner)
    const invite = await owner.fetch(`/api/projects/${project.id}/invites`, { method: 'POST', body: { role: 'viewer' }, headers: forged })
    expect(await invite.json()).toMatchObject({ url: expect.stringMatching(new RegExp(`^${server.url}/invite/`)) as string })
  })

  test('a thousand passwords at once, each with another forged address: ten are tried', async () => {
    const attempts = Array.from({ length: 1000 }, (_, n) => {
      const address = `203.0.${n >> 8}.${n & 255}`
      const forged = { 'x-forwarded-for': address, 'x-real-ip': address, forwarded: `for=${address}` }
      const body = JSON.stringify({ email: ada.email, password: `guess ${n}` })
      return ask(server, '/api/auth/sign-in', { host: 'localhost', 'content-type': 'application/json', ...forged }, { method: 'POST', body })
    })
    const answers = await Promise.all(attempts)
    const with_ = (status: number) => answers.filter((answer) => answer.status === status)
    expect([with_(401).length, with_(429).length]).toEqual([10, 990])
    for (const refused of with_(429)) expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  })

  test('two cookies of our name are nobody, for requests and sockets, and both are taken back', async () => {
    const guest = await signUp(server.url, mei)
    const tossed = await signUp(server.url, { name: 'Eve', email: 'eve@example.org' })
    const cookie = `${tossed.cookie}; ${guest.cookie}`
    const answer = await send(server.url, '/api/auth/session', { headers: { cookie } })
    expect([answer.headers.getSetCookie(), await answer.json()]).toEqual([
      ['atrium_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0'],
      { user: null },
    ])
    const refused = await send(server.url, '/api/auth/me', { headers: { cookie } })
    expect([refused.status, refused.headers.getSetCookie().length]).toEqual([401, 1])
    // Whoever signs in with both has the new one.
    const again = await send(server.url, '/api/auth/sign-in', {
      method: 'POST',
      body: { email: mei.email, password: guest.password },
      headers: { cookie },
    })
    expect([again.status, again.headers.getSetCookie().length]).toEqual([200, 1])
    expect((await send(server.url, '/api/auth/me', { headers: { cookie: cookieOf(again) } })).status).toBe(200)
    const project = await makeProject(guest)
    const closed = (headers: Record<string, string>) =>
      new Promise<number>((resolve, reject) => {
        const ws = new WebSocket(`ws://127.0.0.1:${server.port}/yjs/board/${project.id}`, { headers })
        ws.on('open', () => ws.send(Uint8Array.of(0, 0, 1, 0)))
        ws.on('message', () => resolve(0))
        ws.on('close', resolve)
        ws.on('error', reject)
      })
    expect(await closed({ cookie: guest.cookie })).toBe(0)
    expect(await closed({ cookie })).toBeGreaterThanOrEqual(4000)
  })
})

describe('a server behind a named proxy that ends TLS', () => {
  const host = 'atrium.example.org'
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer({ env: { ATRIUM_TRUSTED_PROXIES: 'loopback', ATRIUM_HOSTS: host, ATRIUM_PREVIEW_HOST: 'preview.example.org' } })
  })
  afterAll(() => server.stop())

  const through = (
    path: string,
    { method = 'GET', body, headers = {} }: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
  ) =>
    ask(
      server,
      path,
      { host, 'x-forwarded-for': '198.51.100.7', 'x-forwarded-proto': 'https', 'content-type': 'application/json', ...headers },
      { method, ...(body !== undefined && { body: JSON.stringify(body) }) },
    )
  const code = async () => (await server.parts.auth.setupCode()) ?? ''
  const first = (setupCode?: string, headers = {}) =>
    through('/api/auth/sign-up', { method: 'POST', body: { ...person(ada), ...(setupCode !== undefined && { setupCode }) }, headers })
  const cookieIn = ({ headers }: Got) => headers['set-cookie']?.[0]?.split(';')[0] ?? ''

  test('the first account needs the code, which a few tries do not find', async () => {
    expect(JSON.parse((await through('/api/auth/setup')).text)).toEqual({ firstAccount: true, signUp: 'open', setupCode: true })
    // The proxy itself stands on this machine, and so may whoever forges that.
    expect((await first()).status).toBe(403)
    expect((await first(undefined, { host: 'localhost', 'x-forwarded-for': '127.0.0.1' })).status).toBe(403)
    const wrong = await Promise.all(Array.from({ length: 30 }, (_, n) => first(`wrong ${n}`)))
    const statuses = wrong.map(({ status }) => status)
    expect([statuses.filter((status) => status === 403).length, statuses.filter((status) => status === 429).length]).toEqual([10, 20])
    const late = await first(await code())
    expect([late.status, Number(late.headers['retry-after']) > 0]).toEqual([429, true])
  })

  test('with the code it is made, from where nobody guessed; after that the code is worth nothing', async () => {
    const given = await code()
    const made = await first(given.toUpperCase(), { 'x-forwarded-for': '198.51.100.8' })
    expect([made.status, JSON.parse(made.text)]).toMatchObject([201, { user: { admin: true } }])
    expect(await server.parts.auth.setupCode()).toBeUndefined()
    expect(JSON.parse((await through('/api/auth/setup')).text)).toEqual({ firstAccount: false, signUp: 'open' })
    const second = await through('/api/auth/sign-up', { method: 'POST', body: { ...person(mei), setupCode: given } })
    expect(JSON.parse(second.text)).toMatchObject({ user: { admin: false } })
  })

  test('the cookie is one that no neighbour can set, and one of the old name signs nobody in', async () => {
    const answer = await through('/api/auth/sign-in', { method: 'POST', body: { email: ada.email, password: 'correct horse battery' } })
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^__Host-atrium_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=\d+$/),
    ])
    const own = cookieIn(answer)
    const me = (cookie: string) => through('/api/auth/me', { headers: { cookie } })
    expect((await me(own)).status).toBe(200)
    const tossed = `atrium_session=${own.split('=')[1]}`
    expect((await me(tossed)).status).toBe(401)
    expect((await me(`${tossed}; ${own}`)).status).toBe(200)
    const socket = (cookie: string, origin: string) => {
      const headers = { host, 'x-forwarded-for': '198.51.100.7', 'x-forwarded-proto': 'https', cookie, origin }
      return upgradeStatus(server, '/sync', headers)
    }
    expect(await socket(own, `https://${host}`)).toBe(101)
    expect(await socket(own, `http://${host}`)).toBe(403)
    const out = await through('/api/auth/sign-out', { method: 'POST', headers: { cookie: own } })
    expect([out.status, out.headers['set-cookie']]).toEqual([204, ['__Host-atrium_session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0']])
    expect((await me(own)).status).toBe(401)
  })

  test('a page by http cannot act for one by https, and links are https', async () => {
    const cookie = cookieIn(await through('/api/auth/sign-in', { method: 'POST', body: { email: ada.email, password: 'correct horse battery' } }))
    const make = (origin: string) => through('/api/projects', { method: 'POST', body: { name: 'Garden' }, headers: { cookie, origin } })
    expect((await make(`http://${host}`)).status).toBe(403)
    const made = await make(`https://${host}`)
    expect(made.status).toBe(201)
    const { id } = JSON.parse(made.text) as { id: string }
    const invite = await through(`/api/projects/${id}/invites`, { method: 'POST', body: { role: 'viewer' }, headers: { cookie } })
    expect(JSON.parse(invite.text)).toMatchObject({ url: expect.stringMatching(/^https:\/\/atrium\.example\.org\/invite\//) as string })
  })

  test('guesses count for the visitor that the proxy names, not for what the visitor says of itself', async () => {
    const guess = (xff: string) =>
      through('/api/auth/sign-in', { method: 'POST', body: { email: ada.email, password: 'wrong wrong' }, headers: { 'x-forwarded-for': xff } })
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => guess(`203.0.113.${n}, 198.51.100.66`)))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10)
    expect((await guess('198.51.100.67')).status).toBe(401)
  })
})

describe('the only account', () => {
  let server: TestServer
  let owner: TestPerson
  beforeAll(async () => {
    server = await startTestServer({ env: { ATRIUM_SIGNUP: 'invite' } })
    owner = await signUp(server.url, ada)
  })
  afterAll(() => server.stop())

  test('a current password that is guessed many times at once is looked at ten times', async () => {
    const change = (current: string) => {
      const body = JSON.stringify({ current, next: 'another horse battery' })
      const headers = { host: 'localhost', 'content-type': 'application/json', cookie: owner.cookie }
      return ask(server, '/api/auth/password', headers, { method: 'POST', body })
    }
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => change(`guess ${n}`)))
    const count = (status: number) => answers.filter((answer) => answer.status === status).length
    expect([count(401), count(429)]).toEqual([10, 190])
    expect((await change(owner.password)).status).toBe(429)
  })
})
