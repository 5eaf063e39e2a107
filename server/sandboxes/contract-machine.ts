import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { TestOptions } from 'vitest'
import type { FilePath } from '#shared/files/path.ts'
import { pythonContract } from './contract-python.ts'
import { terminalsContract } from './contract-terminals.ts'
import type { Sandbox } from './port.ts'

const patience = { timeout: 15_000, interval: 50 }

const answerOf = (stream: Duplex, path: string, headers: Record<string, string>) =>
  new Promise<string>((resolve, reject) => {
    const asked = httpRequest({ createConnection: () => stream, path, headers: { ...headers, connection: 'close' } }, (answer) => {
      let body = ''
      answer.setEncoding('utf8').on('data', (part: string) => (body += part))
      answer.once('end', () => resolve(body))
    })
    asked.once('error', reject)
    asked.end()
  })

type Needed = Record<'desktop' | 'figures' | 'python', TestOptions>

/** The rest of the contract: terminals, Python, ports, the desktop. @param needed options of the tests that need a program of the machine */
export function machineContract(name: string, open: () => Promise<{ sandbox: Sandbox; close(): Promise<void> }>, needed: Needed): void {
  describe(`the machine contract on ${name}`, () => {
    const opened = {} as Awaited<ReturnType<typeof open>>
    beforeAll(async () => void Object.assign(opened, await open()), 60_000)
    afterAll(() => opened.close?.())

    terminalsContract(opened)
    pythonContract(opened, needed)
    portsAndDesktopContract(opened, needed)
  })
}

/** Ports, the desktop and what is measured. */
function portsAndDesktopContract(opened: { sandbox: Sandbox }, needed: Needed): void {
  test('a port that opens is told, and answers', needed.python, async () => {
    await opened.sandbox.files.write('site/index.html' as FilePath, 'the page of Mei')
    const told: number[][] = []
    const stop = await opened.sandbox.ports.watch((ports) => told.push(ports))
    const server = await opened.sandbox.run('exec python3 -m http.server 8321 --bind 127.0.0.1', { cwd: 'site' })
    await vi.waitFor(() => expect(told.at(-1)).toContain(8321), patience)
    expect(await opened.sandbox.ports.listening()).toContain(8321)
    const { stream, headers } = await opened.sandbox.ports.connect(8321)
    expect(await answerOf(stream, '/index.html', headers)).toBe('the page of Mei')
    await server.kill()
    await vi.waitFor(() => expect(told.at(-1)).not.toContain(8321), patience)
    await stop()
    for (const port of [0, 49_983, 3128, 5900, 70_000])
      await expect(opened.sandbox.ports.connect(port)).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('a desktop starts, has a size, speaks RFB, and stops', needed.desktop, async () => {
    expect(await opened.sandbox.desktop.status()).toEqual({ status: 'stopped' })
    await expect(opened.sandbox.desktop.connect()).rejects.toMatchObject({ code: 'conflict' })
    expect(await opened.sandbox.desktop.start()).toEqual({ status: 'running', width: 1280, height: 800 })
    expect(await opened.sandbox.desktop.start({ width: 1024, height: 768 })).toEqual({ status: 'running', width: 1024, height: 768 })
    const [one, two] = [await opened.sandbox.desktop.connect(), await opened.sandbox.desktop.connect()]
    for (const stream of [one, two]) {
      const [greeting] = (await once(stream, 'data')) as [Buffer]
      expect(greeting.toString()).toBe('RFB 003.008\n')
      stream.destroy()
    }
    await opened.sandbox.desktop.stop()
    expect(await opened.sandbox.desktop.status()).toEqual({ status: 'stopped' })
  })

  test('what it uses is measured', async () => {
    const usage = await opened.sandbox.usage()
    expect(usage.memoryBytes).toBeGreaterThan(1_000_000)
    expect(usage.memoryLimitBytes).toBeGreaterThan(usage.memoryBytes)
    expect(Math.abs(Date.now() - usage.startedAt)).toBeLessThan(600_000)
  })
}
