import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { maxUploadBytes } from '#shared/files/api.ts'
import { startNames, startNginx } from '../testing/nginx.ts'
import { needs } from '../testing/require.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step()
})

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

const echo: RequestListener = (request, response) => {
  let bytes = 0
  request.on('data', (part: Buffer) => (bytes += part.length))
  request.on('end', () => response.end(JSON.stringify({ bytes, headers: request.headers })))
}

describe('nginx in front of the server', await needs('nginx'), () => {
  test('a server that is made anew at another address is found again', async () => {
    const names = await startNames(cleanUp)
    const first = await startApp('127.0.0.1', 0, (_, response) => response.end('first'))
    const url = await startNginx(cleanUp, first.port, names.port)
    expect(await (await fetch(url)).text()).toBe('first')
    await first.stop()
    await startApp('127.0.0.2', first.port, (_, response) => response.end('second'))
    names.address = '127.0.0.2'
    await vi.waitFor(async () => expect(await (await fetch(url)).text()).toBe('second'), { timeout: 10_000, interval: 100 })
  })

  test('as much can be sent as the server takes, and what a visitor says of proxies stands before what nginx saw', async () => {
    const names = await startNames(cleanUp)
    const app = await startApp('127.0.0.1', 0, echo)
    const url = await startNginx(cleanUp, app.port, names.port)
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
    const names = await startNames(cleanUp)
    const waiting = new Set<string>()
    const app = await startApp('127.0.0.1', 0, (request, response) => {
      if (request.url === '/') return void response.end()
      waiting.add(String(request.url))
      return undefined
    })
    const url = await startNginx(cleanUp, app.port, names.port, (text) => text.replace('proxy_read_timeout 90s', 'proxy_read_timeout 1s'))
    const command = fetch(`${url}/api/projects/prj_1/commands`, { method: 'POST' }).catch(() => undefined)
    await vi.waitFor(() => expect(waiting.size).toBe(1))
    expect((await fetch(`${url}/api/projects/prj_1`)).status).toBe(504)
    let ended = false
    void command.finally(() => (ended = true))
    expect((await fetch(`${url}/api/auth/me`)).status).toBe(504)
    expect(ended).toBe(false)
  })
})
