import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { maxUploadBytes } from '#shared/files/api.ts'
import { needs } from '../testing/require.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step()
})

/** Answers every name with one address, which may change: what Docker's own does when a container is made anew. */
async function startNames() {
  const names = { address: '127.0.0.1' }
  const socket = createSocket('udp4')
  socket.on('message', (asked, { port, address }) => {
    const answer = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...names.address.split('.').map(Number)])
    const end = asked.indexOf(0, 12) + 5
    const head = Buffer.from(asked.subarray(0, end))
    head.writeUInt16BE(0x8180, 2)
    head.writeUInt16BE(1, 6)
    head.writeUInt32BE(0, 8)
    socket.send(Buffer.concat([head, answer]), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  cleanUp.push(() => socket.close())
  return Object.assign(names, { port: socket.address().port })
}

async function startApp(address: string, port: number, answer: RequestListener) {
  const app = createServer(answer)
  app.listen(port, address)
  await once(app, 'listening')
  const stop = async () => {
    app.closeAllConnections()
    app.close()
  }
  cleanUp.push(stop)
  return { port: (app.address() as AddressInfo).port, stop }
}

/** The real program with the configuration as it is shipped, but for where it listens, asks for names, and how long it waits. */
async function startNginx(appPort: number, namesPort: number, changes: (text: string) => string = (text) => text) {
  const folder = await mkdtemp(join(tmpdir(), 'atrium-nginx-'))
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  const shipped = await readFile(new URL('nginx.conf', import.meta.url), 'utf8')
  const text = changes(shipped)
    .replace('listen 80;', `listen 127.0.0.1:${port};`)
    .replace('resolver 127.0.0.11 valid=2s ipv6=off;', `resolver 127.0.0.1:${namesPort} valid=1s ipv6=off;\n  access_log off;`)
    .replace('http://app:3000', `http://app:${appPort}`)
    .replace(
      'http {',
      `pid ${folder}/pid;\nhttp {\n  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n  ')}`,
    )
  await writeFile(join(folder, 'nginx.conf'), text)
  const nginx = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-e', 'stderr', '-g', 'daemon off;'], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  nginx.stderr.on('data', (part: Buffer) => (said += part.toString()))
  cleanUp.push(async () => {
    if (nginx.exitCode === null) {
      nginx.kill('SIGTERM')
      await once(nginx, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${port}`
  await vi.waitFor(async () => {
    if (nginx.exitCode !== null) throw new Error(said)
    await fetch(url)
  }, 10_000)
  return url
}

const echo: RequestListener = (request, response) => {
  let bytes = 0
  request.on('data', (part: Buffer) => (bytes += part.length))
  request.on('end', () => response.end(JSON.stringify({ bytes, headers: request.headers })))
}

describe('nginx in front of the server', await needs('nginx'), () => {
  test('a server that is made anew at another address is found again', async () => {
    const names = await startNames()
    const first = await startApp('127.0.0.1', 0, (_, response) => response.end('first'))
    const url = await startNginx(first.port, names.port)
    expect(await (await fetch(url)).text()).toBe('first')
    await first.stop()
    await startApp('127.0.0.2', first.port, (_, response) => response.end('second'))
    names.address = '127.0.0.2'
    await vi.waitFor(async () => expect(await (await fetch(url)).text()).toBe('second'), { timeout: 10_000, interval: 100 })
  })

  test('as much can be sent as the server takes, and what a visitor says of proxies stands before what nginx saw', async () => {
    const names = await startNames()
    const app = await startApp('127.0.0.1', 0, echo)
    const url = await startNginx(app.port, names.port)
    const sent = await fetch(url, {
      method: 'PUT',
      body: new Uint8Array(maxUploadBytes),
      headers: { 'x-forwarded-for': '198.51.100.7', 'x-forwarded-proto': 'https' },
    })
    const { bytes, headers } = (await sent.json()) as { bytes: number; headers: Record<string, string> }
    expect(bytes).toBe(maxUploadBytes)
    expect(headers['x-forwarded-for']).toBe('198.51.100.7, 127.0.0.1')
    expect(headers['x-forwarded-proto']).toBe('https, http')
    expect(headers.host).toBe(new URL(url).host)
  })

  test('a server that hangs is not waited for, but a command may take its time', async () => {
    const names = await startNames()
    const waiting = new Set<string>()
    const app = await startApp('127.0.0.1', 0, (request, response) => {
      if (request.url === '/') return void response.end()
      waiting.add(String(request.url))
      return undefined
    })
    const url = await startNginx(app.port, names.port, (text) => text.replace('proxy_read_timeout 90s', 'proxy_read_timeout 1s'))
    const command = fetch(`${url}/api/projects/prj_1/commands`, { method: 'POST' }).catch(() => undefined)
    await vi.waitFor(() => expect(waiting.size).toBe(1))
    expect((await fetch(`${url}/api/projects/prj_1`)).status).toBe(504)
    let ended = false
    void command.finally(() => (ended = true))
    expect((await fetch(`${url}/api/auth/me`)).status).toBe(504)
    expect(ended).toBe(false)
  })
})
