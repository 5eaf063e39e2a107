import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { serverNode } from '../launch/install.mjs'
import { root } from '../launch/root.mjs'

/** The real server in a process of its own, with a data folder that outlives it. */
export type CrashableServer = {
  readonly url: string
  /** The data folder. */
  readonly dataDir: string
  /** With those of other processes that are one server with this. */
  readonly dataDirs: readonly string[]
  readonly pid: number | undefined
  /** What it has printed, over all its lives. */
  output(): string
  /** `kill -9`, then a start on the same port and folder; resolves when it can serve again. */
  crashAndRestart(): Promise<void>
  /** `kill -9`, to be started again. */
  crash(): Promise<void>
  /** Stops it in order, to be started again. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Stops it in order and removes its folder. */
  stop(): Promise<void>
}

/** @param entry what is started, from the root of the repository */
export async function startCrashableServer(env: Record<string, string> = {}, entry = 'server/main.ts'): Promise<CrashableServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'atrium-e2e-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const parts: string[] = []
  const start = async () => {
    const child = spawn(serverNode(), [join(root, entry)], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ATRIUM_LOG_LEVEL: process.env.ATRIUM_TEST_LOG ?? 'warn',
        ...env,
        PORT: String(port),
        HOST: '127.0.0.1',
        ATRIUM_DATA_DIR: dataDir,
      },
    })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => parts.push(part.toString()))
    await untilReady(url, child, parts)
    return child
  }
  let child = await start()
  return {
    url,
    dataDir,
    dataDirs: [dataDir],
    get pid() {
      return child.pid
    },
    output: () => parts.join(''),
    async crashAndRestart() {
      await end(child, 'SIGKILL')
      child = await start()
    },
    crash: () => end(child, 'SIGKILL'),
    pause: () => end(child, 'SIGTERM'),
    async resume() {
      child = await start()
    },
    async stop() {
      await end(child, 'SIGTERM')
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(late)
}

/** On a busy machine. */
const readyMs = 120_000

async function untilReady(url: string, child: ChildProcess, output: string[]) {
  const until = Date.now() + readyMs
  while (Date.now() < until) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${output.join('')}`)
    const ready = await fetch(`${url}/api/ready`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ready) return
    await wait(50)
  }
  child.kill('SIGKILL')
  throw new Error(`the server was not ready after ${readyMs / 1000} s:\n${output.join('')}`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}
