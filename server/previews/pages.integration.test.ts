import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Preview } from '#shared/previews/schema.ts'
import { ada as adaIs, join, makeProject, mei as meiIs, signUp, type TestPerson } from '../testing/people.ts'
import { needs } from '../testing/require.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { getPreview, type Asked } from './testing/get-preview.ts'

const files: Record<string, string> = {
  'tides/index.html': '<!doctype html><link rel="stylesheet" href="style.css"><h1>Tides</h1><script src="js/tides.mjs" type="module"></script>',
  'tides/style.css': 'h1 { color: navy }',
  'tides/js/tides.mjs': 'export {}',
  'tides/high & low.html': '<h1>High and low</h1>',
  'tides/.env': 'SECRET=1',
  'shared/base.css': 'body { margin: 0 }',
  'notes.md': '# Tides',
  'tool.bin': 'x',
}

describe('pages of the workspace, shown as pages', await needs('sandbox'), () => {
  let server: TestServer
  let ada: TestPerson
  let mei: TestPerson
  let stranger: TestPerson
  let projectId: ProjectId

  beforeAll(async () => {
    server = await startTestServer({ env: { ATRIUM_SANDBOX: 'local', ATRIUM_EGRESS: '*.example.org' } })
    ada = await signUp(server.url, adaIs)
    mei = await signUp(server.url, meiIs)
    stranger = await signUp(server.url, { name: 'Noor', email: 'noor@example.org' })
    projectId = (await makeProject(ada)).id as ProjectId
    await join(ada, projectId, mei, 'viewer')
    for (const [path, body] of Object.entries(files)) await put(path, body)
    await ada.json('POST', `/api/projects/${projectId}/commands`, {
      command: 'ln -s /etc/passwd tides/passwd.txt; ln -s ../shared tides/linked; ln -s style.css tides/also.css; mkdir empty',
    })
  })
  afterAll(() => server.stop())

  const put = (path: string, body: string) => ada.fetch(`/api/projects/${projectId}/files/${path.replace(/ /g, '%20')}`, { method: 'PUT', body })
  const ask = (who: TestPerson, body: unknown) => who.fetch(`/api/projects/${projectId}/preview`, { method: 'POST', body })
  const open = async (who: TestPerson, path = 'tides/index.html') => (await (await ask(who, { path })).json()) as Preview
  const get = (preview: { url: string }, path: string, asked?: Asked) => getPreview(server.url, preview, path, asked)

  test('a page is shown with all it is made of, on an origin of its own', async () => {
    const preview = await open(ada)
    const { hostname, pathname } = new URL(preview.url)
    expect(hostname).toMatch(/^[a-z2-7]{26}\.localhost$/)
    expect([preview.path, pathname]).toEqual(['tides/index.html', '/tides/index.html'])
    const page = await get(preview, pathname)
    expect([page.status, page.headers['content-type'], page.text]).toEqual([200, 'text/html; charset=utf-8', files['tides/index.html']])
    expect((await get(preview, '/tides/style.css?v=1')).headers['content-type']).toBe('text/css; charset=utf-8')
    expect((await get(preview, '/tides/js/tides.mjs')).headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect((await get(preview, '/shared/base.css')).text).toBe(files['shared/base.css'])
    expect((await get(preview, '/tool.bin')).headers['content-type']).toBe('application/octet-stream')
    // A folder is its index, as servers have it.
    expect((await get(preview, '/tides/')).text).toBe(files['tides/index.html'])
    expect(await get(preview, '/tides')).toMatchObject({ status: 302, headers: { location: '/tides/' } })
    const named = await open(ada, 'tides/high & low.html')
    expect((await get(named, new URL(named.url).pathname)).text).toBe('<h1>High and low</h1>')
    // One origin for the workspace, for each person.
    expect(new URL(named.url).origin).toBe(new URL(preview.url).origin)
    expect(new URL((await open(mei)).url).origin).not.toBe(new URL(preview.url).origin)
  })

  test('it talks to nobody but itself and what the sandbox may reach, and opens nothing', async () => {
    const { headers } = await get(await open(ada), '/tides/index.html')
    const policy = new Map(
      String(headers['content-security-policy'])
        .split('; ')
        .map((part) => [part.split(' ')[0], part.split(' ').slice(1)]),
    )
    expect(policy.get('default-src')).toEqual([
      "'self'",
      'data:',
      'blob:',
      'https://*.example.org',
      'http://*.example.org',
      "'unsafe-inline'",
      "'unsafe-eval'",
    ])
    expect(policy.get('frame-ancestors')).toEqual(["'self'", server.url])
    expect(policy.get('form-action')).toEqual(["'self'"])
    expect(policy.get('sandbox')).not.toContain('allow-popups')
    expect(policy.get('sandbox')?.some((one) => one.includes('top-navigation'))).toBe(false)
    expect(headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    expect(headers['access-control-allow-origin']).toBeUndefined()
    // A service worker could answer without the policy.
    expect((await get(await open(ada), '/tides/js/tides.mjs', { headers: { 'service-worker': 'script' } })).status).toBe(403)
  })

  test('what changes is shown at once, what was typed and not yet written included', async () => {
    const preview = await open(ada)
    await put('tides/style.css', 'h1 { color: teal }')
    expect((await get(preview, '/tides/style.css')).text).toBe('h1 { color: teal }')
    await ada.fetch(`/api/projects/${projectId}/files/shared/gone.css`, { method: 'PUT', body: 'a{}' })
    expect((await get(preview, '/shared/gone.css')).status).toBe(200)
    await ada.fetch(`/api/projects/${projectId}/files/shared/gone.css`, { method: 'DELETE' })
    expect((await get(preview, '/shared/gone.css')).status).toBe(404)
  })

  test('nothing outside, hidden or behind a link is shown, however the path is written', async () => {
    const preview = await open(ada)
    for (const path of [
      '/../../etc/passwd',
      '/tides/../../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/tides/..%2f..%2fetc%2fpasswd',
      '/tides/%5c..%5cnotes.md',
      '//etc/passwd',
      '/tides//style.css',
      '/tides/./style.css',
      '/tides/style.css%00.html',
      '/tides/.env',
      '/.atrium-unfinished-files/journal',
      '/tides/passwd.txt',
      '/tides/linked/base.css',
      '/tides/also.css',
      '/tides/none.html',
      '/empty/',
      '/',
      `/${'a/'.repeat(40)}b`,
      `/${'a'.repeat(2000)}`,
    ]) {
      const answer = await get(preview, path)
      expect([path, answer.status, answer.headers['content-type']]).toEqual([path, 404, 'text/plain; charset=utf-8'])
      expect(answer.text).not.toMatch(/root:|SECRET|margin|color/)
    }
    expect((await get(preview, '/%zz')).status).toBe(400)
    for (const path of ['tides/.env', 'tides/passwd.txt', 'tides/linked/base.css', 'tides/none.html', 'tides', 'empty']) {
      expect([path, (await ask(ada, { path })).status]).toEqual([path, 404])
    }
    for (const body of [{}, { path: '../x' }, { path: '' }, { path: '/etc/passwd' }, { path: 'notes.md', port: 80 }, { path: 5 }]) {
      expect([body, (await ask(ada, body)).status]).toEqual([body, 400])
    }
  })

  test('it is only read, and nothing of ours is on that origin', async () => {
    const preview = await open(ada)
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const refused = await get(preview, '/tides/index.html', { method })
      expect([method, refused.status, refused.headers.allow]).toEqual([method, 405, 'GET, HEAD'])
    }
    const head = await get(preview, '/tides/index.html', { method: 'HEAD' })
    expect([head.status, head.text, Number(head.headers['content-length']) > 0]).toEqual([200, '', true])
    expect((await get(preview, '/api/auth/me', { headers: { cookie: ada.cookie } })).status).toBe(404)
    const socket = new WebSocket(`ws://127.0.0.1:${new URL(server.url).port}/sync`, { headers: { host: new URL(preview.url).host } })
    const said = await new Promise((resolve) => {
      socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode))
      socket.on('open', () => resolve('open'))
      socket.on('error', () => {})
    })
    expect(said).toBe(403)
    socket.terminate()
  })

  test('a viewer may look, a stranger may not, and a label ends with the membership or the sign-in', async () => {
    expect((await ask(stranger, { path: 'tides/index.html' })).status).toBe(404)
    expect((await fetch(`${server.url}/api/projects/${projectId}/preview`, { method: 'POST' })).status).toBe(401)
    const hers = await open(mei)
    expect((await get(hers, '/tides/index.html')).status).toBe(200)
    await ada.fetch(`/api/projects/${projectId}/members/${mei.id}`, { method: 'DELETE' })
    await vi.waitFor(async () => expect((await get(hers, '/tides/index.html')).status).toBe(403))
    expect((await get({ url: `http://${'b'.repeat(26)}.localhost/` }, '/tides/index.html')).status).toBe(403)

    const key = await ada.makeKey()
    const byKey = await fetch(`${server.url}/api/projects/${projectId}/preview`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ path: 'notes.md' }),
    })
    const preview = (await byKey.json()) as Preview
    expect((await get(preview, '/notes.md')).headers['content-type']).toBe('text/plain; charset=utf-8')
    const { keys } = await ada.json<{ keys: { id: string }[] }>('GET', '/api/keys')
    for (const { id } of keys) await ada.fetch(`/api/keys/${id}`, { method: 'DELETE' })
    expect((await get(preview, '/notes.md')).status).toBe(403)
  })
})
