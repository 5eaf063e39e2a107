import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { TestOptions } from 'vitest'
import type { FilePath } from '#shared/files/path.ts'
import type { PythonResult, Sandbox, TerminalOptions } from './port.ts'
import { countProcesses } from './contract-processes.ts'

const patience = { timeout: 15_000, interval: 50 }

/** What a terminal shows, as text. */
function screen() {
  const decoder = new TextDecoder()
  let text = ''
  return { onData: (bytes: Uint8Array) => void (text += decoder.decode(bytes, { stream: true })), text: () => text } satisfies TerminalOptions & {
    text(): string
  }
}

async function cell(sandbox: Sandbox, code: string, options: Parameters<Sandbox['python']['run']>[1] = {}) {
  let [stdout, stderr] = ['', '']
  const results: PythonResult[] = []
  const outcome = await sandbox.python.run(code, {
    ...options,
    onStdout: (text) => void (stdout += text),
    onStderr: (text) => void (stderr += text),
    onResult: (result) => void results.push(result),
  })
  return { ...outcome, stdout, stderr, results }
}

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
    let sandbox: Sandbox
    let close: (() => Promise<void>) | undefined
    beforeAll(async () => ({ sandbox, close } = await open()), 60_000)
    afterAll(() => close?.())

    test('a terminal is a real one: a shell, a size that follows, control keys, an end', async () => {
      const seen = screen()
      const terminal = await sandbox.terminals.open({ cols: 90, rows: 20, cwd: '', env: { GREETING: 'hej Tomás' }, ...seen })
      await terminal.write('tty; stty size; echo "$GREETING"\n')
      await vi.waitFor(() => expect(seen.text()).toMatch(/\/dev\/pts\/\d+\r\n20 90\r\nhej Tomás\r\n/), patience)
      await terminal.resize({ cols: 132, rows: 43 })
      await terminal.write('stty size\n')
      await vi.waitFor(() => expect(seen.text()).toContain('43 132\r\n'), patience)
      await terminal.write('sleep 3001\n')
      await vi.waitFor(
        async () => expect((await (await sandbox.run(`[ "$(${countProcesses('^sleep 3001')})" = 1 ]`)).exit).exitCode).toBe(0),
        patience,
      )
      await terminal.write('\u0003')
      await terminal.write('echo "status $?"; exit 7\n')
      expect(await terminal.exit).toEqual({ exitCode: 7, lost: false })
      expect(seen.text()).toContain('status 130')
      await expect(terminal.resize({ cols: 0, rows: 5 })).rejects.toMatchObject({ code: 'invalid_input' })
    })

    test('keys typed one by one arrive in order', async () => {
      const seen = screen()
      const terminal = await sandbox.terminals.open({ cols: 200, rows: 20, ...seen })
      const words = Array.from({ length: 60 }, (_, at) => `w${at}`).join('_')
      await Promise.all(`echo got=${words}`.split('').map((key) => terminal.write(key)))
      await terminal.write('\n')
      await vi.waitFor(() => expect(seen.text()).toContain(`\rgot=${words}\r\n`), patience)
      await terminal.kill()
      expect((await terminal.exit).lost).toBe(false)
    })

    test('no byte is dropped, however slowly they are read', async () => {
      let bytes = 0
      let wrong = 0
      let pending = 0
      let most = 0
      const terminal = await sandbox.terminals.open({
        cols: 80,
        rows: 24,
        async onData(part) {
          pending += 1
          most = Math.max(most, pending)
          for (const byte of part) if (byte === 120) bytes++
          if (part.includes(0)) wrong++
          await new Promise((resolve) => setImmediate(resolve))
          pending -= 1
        },
      })
      const size = 20_000_000
      await terminal.write(`stty -echo; PS1=; head -c ${size} /dev/zero | tr '\\0' x; exit\n`)
      await terminal.exit
      expect({ enough: bytes >= size, more: bytes - size < 200, wrong, most }).toEqual({ enough: true, more: true, wrong: 0, most: 1 })
    })

    test('a terminal goes on while nobody listens, and is taken up again by its pid', async () => {
      const first = screen()
      const terminal = await sandbox.terminals.open({ cols: 80, rows: 24, ...first })
      await terminal.write('read -p "which? " word\n')
      // What is typed before the shell reads could be taken by its line editor, or lost between the two.
      await vi.waitFor(() => expect(first.text()).toMatch(/[\r\n]which\? $/), patience)
      await terminal.disconnect()
      const second = screen()
      const again = await sandbox.terminals.connect(terminal.pid, second)
      await again.write('back\necho "$word again"\n')
      await vi.waitFor(() => expect(second.text()).toContain('back again\r\n'), patience)
      await again.kill()
      await again.exit
      await expect(sandbox.terminals.connect(terminal.pid, screen())).rejects.toMatchObject({ code: 'not_found' })
    })

    test('a cell prints, returns, remembers, and waits', needed.python, async () => {
      expect(await cell(sandbox, 'import sys\nprint("out")\nprint("err", file=sys.stderr)\nx = 20\nx + 1')).toMatchObject({
        stdout: 'out\n',
        stderr: 'err\n',
        results: [{ isMain: true, text: '21' }],
        interrupted: false,
      })
      expect((await cell(sandbox, 'import asyncio\nawait asyncio.sleep(0.01)\nx * 2')).results).toMatchObject([{ text: '40' }])
      expect((await cell(sandbox, 'import os\n_ = os.system("echo from a child")')).stdout).toBe('from a child\n')
    })

    test('output comes while the cell runs', needed.python, async () => {
      const code = 'import os, time\nprint("one", flush=True)\nwhile not os.path.exists("go-on"): time.sleep(0.01)\nprint("two")'
      let seen = ''
      const running = sandbox.python.run(code, { onStdout: (text) => void (seen += text) })
      await vi.waitFor(() => expect(seen).toBe('one\n'), patience)
      await sandbox.files.write('go-on' as FilePath, '')
      await running
      expect(seen).toBe('one\ntwo\n')
    })

    test('what can show itself is shown: HTML, SVG', needed.python, async () => {
      const code = [
        'class Shown:',
        '    def _repr_html_(self): return "<b>bold</b>"',
        '    def _repr_svg_(self): return "<svg/>"',
        'display(Shown())',
        'Shown()',
      ].join('\n')
      const { results } = await cell(sandbox, code)
      expect(results).toMatchObject([
        { isMain: false, html: '<b>bold</b>', svg: '<svg/>' },
        { isMain: true, html: '<b>bold</b>', text: 'Shown object' },
      ])
    })

    test('figures and tables are shown', needed.figures, async () => {
      const plot = await cell(sandbox, 'import matplotlib.pyplot as plt\n_ = plt.plot([1, 3, 2])\nplt.show()')
      expect(
        Buffer.from(String(plot.results.find(({ png }) => png)?.png), 'base64')
          .subarray(1, 4)
          .toString(),
      ).toBe('PNG')
      const table = await cell(sandbox, 'import pandas\npandas.DataFrame({"month": ["May"]})')
      expect(table.results.at(-1)?.html).toContain('<td>May</td>')
    })

    test('an error has its name, its value and a traceback with the line', needed.python, async () => {
      const { error } = await cell(sandbox, 'def half(n):\n    return n / 0\nhalf(3)')
      expect(error).toMatchObject({ name: 'ZeroDivisionError', value: 'division by zero' })
      expect(error?.traceback).toContain('return n / 0')
      expect((await cell(sandbox, 'if')).error?.name).toBe('SyntaxError')
    })

    test('a cell is interrupted, by hand and by its time, and variables stay', needed.python, async () => {
      await cell(sandbox, 'kept = 5')
      const stop = new AbortController()
      const running = cell(sandbox, 'import time\nprint("began", flush=True)\nwhile True: time.sleep(0.01)', { signal: stop.signal })
      setTimeout(() => stop.abort(), 200)
      expect(await running).toMatchObject({ interrupted: true, error: { name: 'KeyboardInterrupt' } })
      expect(await cell(sandbox, 'while True: pass', { timeoutMs: 200 })).toMatchObject({ timedOut: true, interrupted: true })
      expect((await cell(sandbox, 'kept')).results).toMatchObject([{ text: '5' }])
    })

    test('contexts know nothing of each other; restarting forgets', needed.python, async () => {
      const other = await sandbox.python.createContext()
      await cell(sandbox, 'mine = 1')
      await cell(sandbox, 'mine = 2', { contextId: other.id })
      expect((await cell(sandbox, 'mine')).results).toMatchObject([{ text: '1' }])
      expect((await cell(sandbox, 'mine', { contextId: other.id })).results).toMatchObject([{ text: '2' }])
      expect((await sandbox.python.contexts()).map(({ id }) => id)).toContain(other.id)
      await sandbox.python.restart(other.id)
      expect((await cell(sandbox, 'mine', { contextId: other.id })).error?.name).toBe('NameError')
      await sandbox.python.removeContext(other.id)
      await expect(cell(sandbox, '1', { contextId: other.id })).rejects.toMatchObject({ code: expect.any(String) })
    })

    test('a port that opens is told, and answers', needed.python, async () => {
      await sandbox.files.write('site/index.html' as FilePath, 'the page of Mei')
      const told: number[][] = []
      const stop = await sandbox.ports.watch((ports) => told.push(ports))
      const server = await sandbox.run('exec python3 -m http.server 8321 --bind 127.0.0.1', { cwd: 'site' })
      await vi.waitFor(() => expect(told.at(-1)).toContain(8321), patience)
      expect(await sandbox.ports.listening()).toContain(8321)
      const { stream, headers } = await sandbox.ports.connect(8321)
      expect(await answerOf(stream, '/index.html', headers)).toBe('the page of Mei')
      await server.kill()
      await vi.waitFor(() => expect(told.at(-1)).not.toContain(8321), patience)
      await stop()
      for (const port of [0, 49_983, 3128, 5900, 70_000]) await expect(sandbox.ports.connect(port)).rejects.toMatchObject({ code: 'invalid_input' })
    })

    test('a desktop starts, has a size, speaks RFB, and stops', needed.desktop, async () => {
      expect(await sandbox.desktop.status()).toEqual({ status: 'stopped' })
      await expect(sandbox.desktop.connect()).rejects.toMatchObject({ code: 'conflict' })
      expect(await sandbox.desktop.start()).toEqual({ status: 'running', width: 1280, height: 800 })
      expect(await sandbox.desktop.start({ width: 1024, height: 768 })).toEqual({ status: 'running', width: 1024, height: 768 })
      const [one, two] = [await sandbox.desktop.connect(), await sandbox.desktop.connect()]
      for (const stream of [one, two]) {
        const [greeting] = (await once(stream, 'data')) as [Buffer]
        expect(greeting.toString()).toBe('RFB 003.008\n')
        stream.destroy()
      }
      await sandbox.desktop.stop()
      expect(await sandbox.desktop.status()).toEqual({ status: 'stopped' })
    })

    test('what it uses is measured', async () => {
      const usage = await sandbox.usage()
      expect(usage.memoryBytes).toBeGreaterThan(1_000_000)
      expect(usage.memoryLimitBytes).toBeGreaterThan(usage.memoryBytes)
      expect(Math.abs(Date.now() - usage.startedAt)).toBeLessThan(600_000)
    })
  })
}
