import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { precompress } from '../launch/precompress.ts'
import { createStaticFiles } from './static-files.ts'

let folder: string
let files: ReturnType<typeof createStaticFiles>
const script = 'console.log("garden")\n'.repeat(200)
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'atrium-dist-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Atrium</title>')
  writeFileSync(join(folder, 'assets/main-AbC123.js'), script)
  writeFileSync(join(folder, 'icon.svg'), '<svg/>')
  const { writeBundle } = precompress() as unknown as { writeBundle(options: { dir: string }): Promise<void> }
  await writeBundle({ dir: folder })
  files = createStaticFiles(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  files.fetch(new Request(`http://atrium.example${path}`, { headers, method }))

test('a file with a hash in its name is kept for ever, and travels compressed', async () => {
  const answer = await get('/assets/main-AbC123.js', { 'accept-encoding': 'gzip, deflate' })
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(answer.headers.get('content-encoding')).toBe('gzip')
  expect(gunzipSync(Buffer.from(await answer.arrayBuffer())).toString()).toBe(script)
  const smaller = await get('/assets/main-AbC123.js', { 'accept-encoding': 'gzip, deflate, br, zstd' })
  expect(smaller.headers.get('content-encoding')).toBe('br')
  expect(smaller.headers.get('vary')?.toLowerCase()).toBe('accept-encoding')
  expect(brotliDecompressSync(Buffer.from(await smaller.arrayBuffer())).toString()).toBe(script)
  const plain = await get('/assets/main-AbC123.js')
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(await plain.text()).toBe(script)
})

test('every page of the client is the one page, never kept', async () => {
  for (const path of ['/', '/projects/prj_1/sessions/ses_1', '/invite/token']) {
    const answer = await get(path)
    expect([answer.status, answer.headers.get('cache-control'), await answer.text()]).toEqual([200, 'no-cache', expect.stringContaining('Atrium')])
  }
})

test('who has the newest is told so', async () => {
  const etag = (await get('/icon.svg')).headers.get('etag') ?? ''
  expect((await get('/icon.svg', { 'if-none-match': etag })).status).toBe(304)
  writeFileSync(join(folder, 'icon.svg'), '<svg><g/></svg>')
  expect((await get('/icon.svg', { 'if-none-match': etag })).status).toBe(200)
})

test('a file that is missing is missing, not the page', async () => {
  for (const path of ['/assets/old-123.js', '/assets/', '/favicon.ico']) expect((await get(path)).status, path).toBe(path.endsWith('/') ? 200 : 404)
})

test('what is asked for without its body has none, and what leads out of the folder is nothing', async () => {
  const head = await get('/assets/main-AbC123.js', {}, 'HEAD')
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, String(script.length), ''])
  for (const path of ['/assets/..%2f..%2fsecret.js', '/%2e%2e/secret.js', '/assets/a%00.js', '/assets%5csecret.js', '/assets//main-AbC123.js'])
    expect((await get(path)).status, path).toBe(404)
})

test('without a build it says what to do', async () => {
  const answer = await createStaticFiles(join(folder, 'none')).fetch(new Request('http://atrium.example/'))
  expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('npm start')])
})
