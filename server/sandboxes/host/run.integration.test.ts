import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Sandbox as CodeSandbox } from '@e2b/code-interpreter'
import { Sandbox as DesktopSandbox } from '@e2b/desktop'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { readStat } from './proc.ts'
import { needs } from '../../testing/require.ts'
import { countProcesses } from '../contract-processes.ts'

const onDesktop = await needs('desktop')
const inPython = await needs('python')

const script = fileURLToPath(new URL('run.ts', import.meta.url))

describe('the local host, started alone', await needs('sandbox'), () => {
  let child: ChildProcess
  let dataDir: string
  let temporary: string
  const said: Record<string, string> = {}

  async function start(): Promise<void> {
    const env = { PATH: process.env.PATH, TMPDIR: temporary, PORT: '0', ATRIUM_DATA_DIR: dataDir, E2B_API_KEY: 'e2b_of_the_test_of_mei' }
    child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    let printed = ''
    child.stdout?.on('data', (part: Buffer) => (printed += part.toString()))
    await vi.waitFor(() => expect(printed).toContain('E2B_DOMAIN'), { timeout: 20_000 })
    for (const [, name = '', value = ''] of printed.matchAll(/^ +(\w+)=(\S+)$/gm)) said[name] = value
  }
  const connection = () => ({
    apiKey: said.E2B_API_KEY ?? '',
    apiUrl: said.E2B_API_URL ?? '',
    sandboxUrl: said.E2B_SANDBOX_URL ?? '',
    domain: said.E2B_DOMAIN ?? '',
  })

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'atrium-alone-'))
    temporary = await mkdtemp(join(tmpdir(), 'atrium-tmp-'))
    await start()
  })
  afterAll(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill()
      await once(child, 'exit')
    }
    for (const folder of [dataDir, temporary]) await rm(folder, { recursive: true, force: true })
  })

  test('its page says which calls it answers, and tells no key', async () => {
    const page = await (await fetch(`${said.E2B_API_URL}/`)).text()
    for (const call of ['Sandbox.create', 'pty.resize', 'files.watchDir', 'runCode', 'screenshot']) expect(page).toContain(call)
    expect(page).not.toContain(said.E2B_API_KEY)
  })

  test("the code interpreter's SDK runs code, keeps contexts, and reads results", inPython, async () => {
    const sandbox = await CodeSandbox.create(connection())
    const context = await sandbox.createCodeContext({ cwd: '/home/user' })
    const execution = await sandbox.runCode('import os\nprint(os.environ["NAME"])\n6 * 7', { context, envs: { NAME: 'Ada' } })
    expect(execution).toMatchObject({ logs: { stdout: ['Ada\n'] }, text: '42', executionCount: 1 })
    expect((await sandbox.listCodeContexts()).map(({ id }) => id)).toContain(context.id)
    const notebook = await sandbox.runCode('%matplotlib inline\nfor word in ["a", "b"]:\n    pass\n!echo "from the $(echo shell)"\nword')
    expect(notebook).toMatchObject({ logs: { stdout: ['from the shell\n'] }, text: 'b' })
    expect((await sandbox.runCode('%nothing\n1')).error?.name).toBe('UsageError')
    await sandbox.restartCodeContext(context)
    await sandbox.removeCodeContext(context)
    await expect(sandbox.runCode('1', { context })).rejects.toBeInstanceOf(Error)
    await expect(sandbox.runCode('1', { language: 'r' })).rejects.toThrow(/400/)
    const late = await sandbox.runCode('while True: pass', { timeoutMs: 300 }).catch((error: unknown) => error)
    expect(late).toMatchObject({ name: 'TimeoutError' })
    // Whoever waited is gone, so the cell was interrupted: the next is not behind it.
    expect((await sandbox.runCode('"free"')).text).toBe('free')
    await sandbox.kill()
  })

  test("the desktop's SDK looks, points, types and opens", onDesktop, async () => {
    const { sandboxId } = await CodeSandbox.create(connection())
    const desktop = await DesktopSandbox.connect(sandboxId, connection())
    expect(await desktop.getScreenSize()).toEqual({ width: 1280, height: 800 })
    await desktop.moveMouse(321, 123)
    expect(await desktop.getCursorPosition()).toEqual({ x: 321, y: 123 })
    const picture = Buffer.from(await desktop.screenshot())
    expect([picture.subarray(1, 4).toString(), picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual(['PNG', 1280, 800])
    await desktop.commands.run('xterm', { background: true, timeoutMs: 0 })
    await vi.waitFor(() => desktop.getApplicationWindows('xterm'), { timeout: 15_000 })
    const [window] = await desktop.getApplicationWindows('xterm')
    await desktop.commands.run(`xdotool windowactivate --sync ${window}`)
    await desktop.write('echo typed by Mei > note.txt', { chunkSize: 40, delayInMs: 5 })
    await desktop.press('enter')
    await vi.waitFor(async () => expect(await desktop.files.read('note.txt')).toBe('typed by Mei\n'), { timeout: 10_000 })
    await desktop.kill()
  })

  test("the desktop's SDK makes a desktop of its own, in the size it asks for, and launches programs in it", onDesktop, async () => {
    const desktop = await DesktopSandbox.create({ ...connection(), resolution: [1024, 720], dpi: 120 })
    expect(await desktop.getScreenSize()).toEqual({ width: 1024, height: 720 })
    const [, dpi] = /resolution: +(\d+)x/.exec((await desktop.commands.run('xdpyinfo')).stdout) ?? []
    expect(Math.abs(Number(dpi) - 120)).toBeLessThan(3)
    await desktop.launch('xterm')
    await vi.waitFor(() => desktop.getApplicationWindows('xterm'), { timeout: 15_000 })
    const [window = ''] = await desktop.getApplicationWindows('xterm')
    expect(await desktop.getWindowTitle(window)).toBe('xterm')
    await desktop.drag([40, 40], [200, 160])
    expect(await desktop.getCursorPosition()).toEqual({ x: 200, y: 160 })
    await desktop.kill()
  })

  test('a port is reached by name, with websockets', inPython, async () => {
    const sandbox = await CodeSandbox.create(connection())
    // A websocket of the standard library alone: the handshake, then one frame.
    const server = `
import base64, hashlib, socketserver
class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        lines = []
        while (line := self.rfile.readline().strip()): lines.append(line.decode())
        key = next((l.split(': ')[1] for l in lines if l.lower().startswith('sec-websocket-key')), None)
        if not key:
            self.wfile.write(b'HTTP/1.1 200 OK\\r\\ncontent-length: 4\\r\\n\\r\\npage')
            return
        accept = base64.b64encode(hashlib.sha1((key + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').encode()).digest()).decode()
        self.wfile.write(('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: ' + accept + '\\r\\n\\r\\n').encode())
        self.wfile.write(b'\\x81\\x05hello')
        self.rfile.read(1)
socketserver.ThreadingTCPServer(('127.0.0.1', 8055), Handler).serve_forever()`
    await sandbox.files.write('server.py', server)
    await sandbox.commands.run('python3 server.py', { background: true, timeoutMs: 0 })
    const { hostname, port } = new URL(String(said.E2B_API_URL))
    const name = sandbox.getHost(8055)
    expect(name).toBe(`8055-${sandbox.sandboxId}.localhost:${port}`)
    const page = () =>
      new Promise<string>((resolve, reject) => {
        const asked = httpRequest({ host: hostname, port, headers: { host: name } }, (answer) => {
          let body = ''
          answer.on('data', (part: Buffer) => (body += part.toString()))
          answer.once('end', () => resolve(`${answer.statusCode} ${body}`))
        })
        asked.once('error', reject)
        asked.end()
      })
    await vi.waitFor(async () => expect(await page()).toBe('200 page'), { timeout: 10_000 })
    const socket = new WebSocket(`ws://${hostname}:${port}/`, { headers: { host: name } })
    const [message] = (await once(socket, 'message')) as [Buffer]
    expect(message.toString()).toBe('hello')
    socket.close()
    await sandbox.kill()
  })

  test('killed and started again, sandboxes are connected to with every file', async () => {
    const sandbox = await CodeSandbox.create({ ...connection(), metadata: { of: 'Tomás' } })
    for (let at = 0; at < 20; at++) await sandbox.files.write(`kept-${at}.txt`, `${at}`)
    await sandbox.commands.run('sleep 777', { background: true, timeoutMs: 0 })
    const before = Number(child.pid)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(readStat(before)?.state ?? 'gone').toMatch(/Z|gone/)
    const socketFolders = async () => (await readdir(temporary)).filter((name) => /^atrium-\w{6}$/.test(name))
    const left = await socketFolders()
    for (const name of left) await utimes(join(temporary, name, 'egress.sock'), 0, 0)
    await start()
    const again = await CodeSandbox.connect(sandbox.sandboxId, connection())
    const read = await Promise.all(Array.from({ length: 20 }, (_, at) => again.files.read(`kept-${at}.txt`)))
    expect(read).toEqual(Array.from({ length: 20 }, (_, at) => `${at}`))
    expect((await again.commands.run(countProcesses('^sleep '))).stdout.trim()).toBe('0')
    // Of both hosts only the one that lives has its sockets there.
    await vi.waitFor(async () => expect(await socketFolders()).toEqual([expect.not.stringContaining(String(left))]))
    await again.kill()
  })

  test('a setting that cannot be is named', async () => {
    const wrong = spawn(process.execPath, [script], { env: { PATH: process.env.PATH, PORT: 'many' }, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    wrong.stderr?.on('data', (part: Buffer) => (said += part.toString()))
    const [code] = (await once(wrong, 'exit')) as [number]
    expect([code, said]).toEqual([1, 'PORT must be a port from 0 to 65535.\n'])
  })
})
