import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { ProjectId } from '#shared/base/ids.ts'
import { readPorts } from '#shared/previews/doc.ts'
import type { Preview } from '#shared/previews/schema.ts'
import { ada as adaIs, join, makeProject, mei as meiIs, signUp, type TestPerson } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { maxOpen } from './proxy.ts'
import { getPreview, type Asked } from './testing/get-preview.ts'
import { needs } from '../testing/require.ts'

/** A web app with all that a development server does: a page, a redirect, a cookie, a stream, a websocket that echoes. */
const program = `
import hashlib, base64, http.server, socketserver, time, urllib.parse
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def do_POST(self):
        body = self.rfile.read(int(self.headers['content-length']))
        self.reply(200, body[::-1])
    def do_GET(self):
        if self.path == '/redirect':
            self.reply(302, b'', {'Location': 'http://localhost:5173/there?x=1'})
        elif self.path.startswith('/raw/'):
            self.wfile.write(urllib.parse.unquote_to_bytes(self.path[5:])); self.wfile.flush(); self.connection.close()
        elif self.path == '/headers':
            self.reply(200, str(self.headers).encode())
        elif self.path == '/cookie':
            self.reply(200, b'', {'Set-Cookie': 'a=1; Domain=localhost; dOmain =.localhost; Path=/', 'X-Frame-Options': 'DENY', 'Content-Security-Policy': "default-src 'self'; frame-ancestors 'none'"})
        elif self.path == '/stream':
            self.send_response(200); self.send_header('Transfer-Encoding', 'chunked'); self.end_headers()
            while True:
                self.wfile.write(b'3\\r\\non \\r\\n'); self.wfile.flush(); time.sleep(0.05)
        elif self.headers.get('upgrade', '').lower() == 'websocket':
            key = base64.b64encode(hashlib.sha1((self.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').encode()).digest())
            self.wfile.write(b'HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: ' + key + b'\\r\\n\\r\\n')
            head = self.rfile.read(2); mask = self.rfile.read(4); data = bytes(b ^ mask[i % 4] for i, b in enumerate(self.rfile.read(head[1] & 127)))
            self.wfile.write(bytes([0x81, len(data)]) + data); self.wfile.flush()
            self.rfile.read(1)
        else:
            self.reply(200, b'<h1>Sales 2025</h1>')
    def reply(self, status, body, headers={}):
        self.send_response(status)
        for name, value in headers.items(): self.send_header(name, value)
        self.send_header('Content-Length', str(len(body))); self.end_headers(); self.wfile.write(body)
    def log_message(self, *args): pass
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer): daemon_threads = True
Server(('127.0.0.1', 5173), Handler).serve_forever()
`

describe('previews of web apps in a sandbox', await needs('sandbox', 'python'), () => {
  let server: TestServer
  let ada: TestPerson
  let mei: TestPerson
  let stranger: TestPerson
  let projectId: ProjectId

  beforeAll(async () => {
    server = await startTestServer({ env: { ATRIUM_SANDBOX: 'local' } })
    ada = await signUp(server.url, adaIs)
    mei = await signUp(server.url, meiIs)
    stranger = await signUp(server.url, { name: 'Noor', email: 'noor@example.org' })
    projectId = (await makeProject(ada)).id as ProjectId
    await join(ada, projectId, mei, 'viewer')
    await ada.fetch(`/api/projects/${projectId}/files/app.py`, { method: 'PUT', body: program })
    await ada.json('POST', `/api/projects/${projectId}/commands`, { command: 'nohup python3 app.py >/dev/null 2>&1 &' })
  })
  afterAll(() => server.stop())

  const open = async (who: TestPerson) => who.json<Preview>('POST', `/api/projects/${projectId}/preview`, { port: 5173 })

  const get = (preview: { url: string }, path: string, asked?: Asked) => getPreview(server.url, preview, path, asked)

  test('a port that begins to listen is offered in the room, and told to who asks', async () => {
    const project = await server.parts.documents.open({ kind: 'project', projectId })
    await vi.waitFor(() => expect(readPorts(project.doc)).toEqual([5173]), { timeout: 10_000 })
    expect(await mei.json('GET', `/api/projects/${projectId}/ports`)).toEqual({ ports: [5173] })
    await project.close()
  })

  test('the app is shown on an origin of its own, as if it were reached directly', async () => {
    const preview = await open(ada)
    const { hostname, port } = new URL(preview.url)
    expect(hostname).toMatch(/^[a-z2-7]{26}\.localhost$/)
    expect(port).toBe(new URL(server.url).port)
    expect((await get(preview, '/')).text).toBe('<h1>Sales 2025</h1>')
    expect((await get(preview, '/', { method: 'POST', body: 'abc' })).text).toBe('cba')
    expect((await get(preview, '/redirect')).headers.location).toBe('/there?x=1')
    const cookie = await get(preview, '/cookie')
    expect(cookie.headers).toMatchObject({ 'set-cookie': ['a=1; Path=/'], 'referrer-policy': 'no-referrer' })
    expect(cookie.headers['x-frame-options']).toBeUndefined()
    expect(cookie.headers['content-security-policy']).not.toContain('frame-ancestors')
    const told = (await get(preview, '/headers', { headers: { origin: preview.url.slice(0, -1) } })).text
    expect(told).toContain('host: localhost:5173')
    expect(told).toContain('origin: http://localhost:5173')
    // The same person keeps the address; another gets one of their own.
    expect((await open(ada)).url).toBe(preview.url)
    expect((await open(mei)).url).not.toBe(preview.url)
  })

  test('websockets pass, as hot reload needs them', async () => {
    const preview = await open(ada)
    const ws = new WebSocket(`ws://127.0.0.1:${new URL(server.url).port}/socket`, { headers: { host: new URL(preview.url).host } })
    const said = await new Promise<string>((resolve, reject) => {
      ws.on('open', () => ws.send('hot'))
      ws.on('message', (data: Buffer) => resolve(data.toString()))
      ws.on('error', reject)
    })
    expect(said).toBe('hot')
    ws.terminate()
  })

  test('one preview has so many requests open, and others are not kept waiting by it', async () => {
    const preview = await open(mei)
    const { host, port } = new URL(preview.url)
    // The program waits for a body that does not come.
    const held = Array.from({ length: maxOpen }, () => {
      const asked = request({ host: '127.0.0.1', port, path: '/', method: 'POST', headers: { host, 'content-length': 3 } })
      asked.on('error', () => undefined)
      asked.flushHeaders()
      return asked
    })
    await vi.waitFor(async () => expect((await get(preview, '/')).status).toBe(429), { timeout: 20_000 })
    expect((await get(await open(ada), '/')).status).toBe(200)
    for (const asked of held) asked.destroy()
    await vi.waitFor(async () => expect((await get(preview, '/')).status).toBe(200), { timeout: 20_000 })
  })

  test('an app that answers nonsense is refused with a sentence, and everything else goes on', async () => {
    const preview = await open(ada)
    const raw = (head: string) => get(preview, `/raw/${encodeURIComponent(`${head}\r\ncontent-length: 0\r\n\r\n`)}`)
    for (const status of ['000', '099', '199', '600', '999']) {
      expect(await raw(`HTTP/1.1 ${status} X`)).toMatchObject({ status: 502, text: expect.stringContaining('port 5173') as string })
    }
    expect((await raw('HTTP/1.1 200 A\u0001\u007f')).status).toBe(200)
    expect((await raw('HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: any')).status).toBe(502)
    expect((await get(preview, '/')).status).toBe(200)
  })

  test('nothing of ours is on that origin, and an unknown name is nobody’s', async () => {
    const preview = await open(ada)
    // The app answers there, not our API, even with our cookie.
    expect((await get(preview, '/api/auth/me', { headers: { cookie: ada.cookie } })).text).toBe('<h1>Sales 2025</h1>')
    const unknown = { url: `http://${'a'.repeat(26)}.localhost/` }
    expect((await get(unknown, '/')).status).toBe(403)
    const page = await fetch(server.url)
    expect(page.headers.get('content-security-policy')).toContain("frame-src 'self' blob: http://*.localhost:*")
    const answer = await fetch(`${server.url}/api/projects`, { headers: { cookie: ada.cookie, origin: preview.url.slice(0, -1) } })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('only a member gets an address, and it ends with the membership, what streams included', async () => {
    expect((await stranger.fetch(`/api/projects/${projectId}/preview`, { method: 'POST', body: { port: 5173 } })).status).toBe(404)
    const preview = await open(mei)
    let ended = false
    const streaming = get(preview, '/stream')
      .catch(() => undefined)
      .finally(() => (ended = true))
    await ada.fetch(`/api/projects/${projectId}/members/${mei.id}`, { method: 'DELETE' })
    await vi.waitFor(() => expect(ended).toBe(true), { timeout: 2000 })
    await streaming
    expect((await get(preview, '/')).status).toBe(403)
  })

  test('it ends with the sign-in', async () => {
    const key = await ada.makeKey()
    const preview = (await (
      await fetch(`${server.url}/api/projects/${projectId}/preview`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ port: 5173 }),
      })
    ).json()) as Preview
    expect((await get(preview, '/')).status).toBe(200)
    const { keys } = await ada.json<{ keys: { id: string }[] }>('GET', '/api/keys')
    for (const { id } of keys) await ada.fetch(`/api/keys/${id}`, { method: 'DELETE' })
    expect((await get(preview, '/')).status).toBe(403)
  })

  test('a port on which nothing listens, or none at all, is refused clearly', async () => {
    const silent = await ada.fetch(`/api/projects/${projectId}/preview`, { method: 'POST', body: { port: 9 } })
    expect([silent.status, ((await silent.json()) as { error: { message: string } }).error.message]).toEqual([
      409,
      'Nothing is listening on port 9 in the sandbox.',
    ])
    for (const port of [0, -1, 70_000, '5173', 1.5]) {
      expect((await ada.fetch(`/api/projects/${projectId}/preview`, { method: 'POST', body: { port } })).status).toBe(400)
    }
  })
})
