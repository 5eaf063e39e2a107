import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { maxUploadBytes } from '#shared/files/api.ts'
import { ada, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { needs } from '../testing/require.ts'

describe('files and commands over HTTP', await needs('sandbox'), () => {
  let server: TestServer
  let person: TestPerson
  let base: string
  let key: string
  beforeAll(async () => {
    server = await startTestServer({ env: { ATRIUM_SANDBOX: 'local' } })
    person = await signUp(server.url, ada)
    const { id } = await person.json<{ id: string }>('POST', '/api/projects', { name: 'Engine' })
    base = `/api/projects/${id}`
    key = await person.makeKey()
  })
  afterAll(() => server?.stop())

  const send = (path: string, init: RequestInit = {}) =>
    fetch(`${server.url}${base}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string>) } })
  const put = (path: string, body: BodyInit, type = 'application/octet-stream') =>
    send(path, { method: 'PUT', body, headers: { 'content-type': type } })

  test('a file is written raw or as JSON, read raw or as JSON, and removed', async () => {
    const raw = await put('/files/src/main.ts', 'let x = 1\n', 'text/plain')
    expect([raw.status, await raw.json()]).toEqual([200, { path: 'src/main.ts', size: 10 }])
    expect((await put('/files/note.md', JSON.stringify({ content: '# héj' }), 'application/json')).status).toBe(200)
    expect(await (await send('/files/note.md')).text()).toBe('# héj')
    const json = await send('/files/note.md', { headers: { accept: 'application/json' } })
    expect(await json.json()).toEqual({ path: 'note.md', content: '# héj', size: 6 })
    const list = (await (await send('/files')).json()) as { entries: { name: string }[] }
    expect(list.entries.map(({ name }) => name)).toEqual(['src', 'note.md'])
    const folder = (await (await send('/files/src')).json()) as { path: string; entries: { name: string }[] }
    expect([folder.path, folder.entries.map(({ name }) => name)]).toEqual(['src', ['main.ts']])
    expect((await send('/files/src', { method: 'DELETE' })).status).toBe(204)
    expect((await send('/files/src/main.ts')).status).toBe(404)
    expect((await send('/files/src', { method: 'DELETE' })).status).toBe(404)
  })

  test('names with spaces, umlauts and percent signs mean themselves', async () => {
    const name = encodeURIComponent('größe 100% #1?.txt')
    expect((await put(`/files/${name}`, 'x')).status).toBe(200)
    expect(await (await send(`/files/${name}`)).text()).toBe('x')
    expect((await send('/files/bad%E0%A4%A')).status).toBe(400)
  })

  test('what leaves the workspace, is no content, or is too large is refused as such', async () => {
    for (const path of ['..%2f..%2fetc%2fpasswd', '%2fetc%2fpasswd', 'a%00b', 'a%2f%2fb']) {
      expect((await send(`/files/${path}`)).status, path).toBe(400)
      expect((await put(`/files/${path}`, 'x')).status, path).toBe(400)
      expect((await send(`/files/${path}`, { method: 'DELETE' })).status, path).toBe(400)
    }
    // A name that the disk can hold, and that nobody gives.
    expect((await send('/files/a%5c..%5cb')).status).toBe(404)
    expect((await put('/files/a%5c..%5cb', 'x')).status).toBe(400)
    expect((await put('/files/a.json', '{"content":1}', 'application/json')).status).toBe(400)
    expect((await put('/files/a.json', 'not json', 'application/json')).status).toBe(400)
    expect((await send('/files?path=../..')).status).toBe(400)
    expect((await put('/files/bytes.bin', new Uint8Array([0, 255, 1]))).status).toBe(200)
    expect((await send('/files/bytes.bin', { headers: { accept: 'application/json' } })).status).toBe(400)
  })

  test('a large file goes through as it comes, and what is cancelled or too large leaves nothing', async () => {
    const part = new Uint8Array(1024 * 1024).fill(7)
    const parts = function* (count: number) {
      for (let at = 0; at < count; at++) yield part
    }
    const stream = (count: number) => Readable.toWeb(Readable.from(parts(count))) as unknown as BodyInit
    const large = await send('/files/large.bin', { method: 'PUT', body: stream(40), duplex: 'half' } as RequestInit)
    expect([large.status, await large.json()]).toEqual([200, { path: 'large.bin', size: 40 * part.length }])
    // More than it says, and more than there may be.
    const declared = await fetch(`${server.url}${base}/files/declared.bin`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${key}`, 'content-length': String(maxUploadBytes + 1) },
      body: new Uint8Array(maxUploadBytes + 1),
    }).catch(() => undefined)
    expect(declared?.status ?? 413).toBe(413)
    // Who goes on sending may find the connection closed rather than the answer.
    const past = stream(maxUploadBytes / part.length + 1)
    const over = await send('/files/over.bin', { method: 'PUT', body: past, duplex: 'half' } as RequestInit).catch(() => undefined)
    expect(over?.status ?? 413).toBe(413)
    const cancelled = new AbortController()
    const endless = async function* () {
      yield* parts(8)
      cancelled.abort()
      await new Promise(() => undefined)
    }
    const body = Readable.toWeb(Readable.from(endless())) as unknown as BodyInit
    const sent = send('/files/large.bin', { method: 'PUT', body, duplex: 'half', signal: cancelled.signal } as RequestInit)
    await expect(sent).rejects.toThrow('aborted')
    const { entries } = (await (await send('/files')).json()) as { entries: { name: string; size: number }[] }
    expect(entries.filter(({ name }) => /over|declared|unfinished/.test(name))).toEqual([])
    expect(entries.find(({ name }) => name === 'large.bin')).toMatchObject({ size: 40 * part.length })
  })

  test('a hosted page cannot act as the room', async () => {
    await put('/files/evil.html', '<script>fetch("/api/auth/me")</script>')
    await put('/files/evil.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    const types: Record<string, string> = { 'evil.html': 'text/plain; charset=utf-8', 'evil.svg': 'image/svg+xml' }
    for (const [name, type] of Object.entries(types)) {
      const answer = await send(`/files/${name}`)
      expect(answer.headers.get('content-type')).toBe(type)
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('content-security-policy')).toMatch(/(^|; ?)sandbox(;|$)/)
      expect(answer.headers.get('content-security-policy')).not.toMatch(/allow-scripts|script-src/)
    }
  })

  test('commands run, the state is told, pause and kill work, files stay', async () => {
    const run = await person.json('POST', `${base}/commands`, { command: 'echo out; echo err >&2; exit 4' })
    expect(run).toEqual({ exitCode: 4, stdout: 'out\n', stderr: 'err\n', truncated: false })
    const long = await person.json<{ stdout: string; truncated: boolean }>('POST', `${base}/commands`, {
      command: 'head -c 3000000 /dev/zero | tr "\\0" x',
    })
    expect([long.stdout.length, long.truncated]).toEqual([1024 * 1024, true])
    expect(await person.json('GET', `${base}/sandbox`)).toMatchObject({ status: 'running' })
    expect(await person.json('POST', `${base}/sandbox/pause`)).toMatchObject({ status: 'paused' })
    expect(await person.json('POST', `${base}/sandbox/start`)).toMatchObject({ status: 'running' })
    expect(await person.json('POST', `${base}/sandbox/kill`)).toMatchObject({ status: 'stopped' })
    expect(await (await send('/files/note.md')).text()).toBe('# héj')
  })
})
