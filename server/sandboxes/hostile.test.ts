import { Sandbox as CodeSandbox } from '@e2b/code-interpreter'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { AppError } from '#shared/base/errors.ts'
import type { FilePath } from '#shared/files/path.ts'
import { begun, frame, hostilities, openHostileSandbox } from '../testing/hostile-sandbox.ts'
import { boundSandbox } from './bounded-sdk.ts'
import { e2bSandbox } from './e2b.ts'
import type { Sandbox } from './port.ts'

const mb = 1024 * 1024
const path = 'a.txt' as FilePath
const patience = { headMs: 250, silentMs: 100, bodyMs: 250, bytesPerSecond: 64 * mb }
const nothing = () => undefined

type Hostile = Awaited<ReturnType<typeof openHostileSandbox>>

function sandboxAt(url: string, other: Partial<typeof patience> = {}): Sandbox {
  const raw = new CodeSandbox({ sandboxId: 'ihostile', envdVersion: '0.6.4', envdAccessToken: 'token', sandboxUrl: url, apiKey: 'e2b_x' })
  return e2bSandbox({
    sandbox: boundSandbox(raw, { ...patience, ...other }),
    localUrl: url,
    sharedNetwork: false,
    killsTree: true,
    onUse: nothing,
    onGone: nothing,
    hold: () => nothing,
  })
}

const asStream = (text: string) => new Blob([text]).stream()
/** Every kind of call towards the inside; what goes on is followed to its end. */
const calls: Record<string, (sandbox: Sandbox) => Promise<unknown>> = {
  'files.read': ({ files }) => files.read(path, { maxBytes: 8 * mb }),
  'files.write': ({ files }) => files.write(path, 'text'),
  'files.write of a stream': ({ files }) => files.write(path, asStream('text')),
  'files.list': ({ files }) => files.list(''),
  'files.stat': ({ files }) => files.stat(path),
  'files.makeFolder': ({ files }) => files.makeFolder(path),
  'files.rename': ({ files }) => files.rename(path, path),
  'files.remove': ({ files }) => files.remove(path),
  'files.watch': ({ files }) => new Promise((resolve, reject) => void files.watch(nothing, resolve).catch(reject)),
  run: async (sandbox) => (await sandbox.run('true', { timeoutMs: 200 })).exit,
  'terminals.open': async ({ terminals }) => (await terminals.open({ cols: 80, rows: 24, onData: nothing })).exit,
  'terminals.connect': async ({ terminals }) => (await terminals.connect(7, { onData: nothing })).exit,
  'python.contexts': ({ python }) => python.contexts(),
  'python.createContext': ({ python }) => python.createContext(),
  'python.removeContext': ({ python }) => python.removeContext('x'),
  'python.restart': ({ python }) => python.restart('x'),
  'python.interrupt': ({ python }) => python.interrupt('x'),
  'python.run': ({ python }) => python.run('1', { timeoutMs: 100 }),
  'ports.listening': ({ ports }) => ports.listening(),
  'ports.watch': ({ ports }) => new Promise((resolve, reject) => void ports.watch(nothing, resolve).catch(reject)),
  'desktop.status': ({ desktop }) => desktop.status(),
}

let hostile: Hostile
let sandbox: Sandbox
/** For what is answered at once: on a busy machine that takes a while, too. */
let patient: Sandbox
beforeAll(async () => {
  hostile = await openHostileSandbox()
  sandbox = sandboxAt(hostile.url)
  patient = sandboxAt(hostile.url, { headMs: 20_000 })
})
afterAll(() => hostile.close())

const settled = (work: Promise<unknown>) =>
  work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )

describe('a sandbox that somebody has taken over', () => {
  test.each(Object.entries(hostilities))('%s: every call ends in words and in time, and takes little', { timeout: 30_000 }, async (_name, behave) => {
    hostile.behave(behave)
    const before = { rss: process.memoryUsage().rss, taken: hostile.taken() }
    let most = before.rss
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 10)
    const startedAt = performance.now()
    for (const [name, call] of Object.entries(calls)) {
      const { error = new AppError('conflict', 'it was answered') } = (await settled(call(sandbox))) as { error?: unknown }
      expect(error, name).toBeInstanceOf(AppError)
      expect(error, name).not.toMatchObject({ cause: expect.any(RangeError) })
    }
    clearInterval(watch)
    // A cell that says nothing is asked to stop, started anew and then given up: ten seconds.
    expect(performance.now() - startedAt).toBeLessThan(20_000)
    expect(most - before.rss).toBeLessThan(400 * mb)
    expect(hostile.taken() - before.taken).toBeLessThan(400 * mb)
  })

  test('what it prints is kept up to a bound, whether it is asked to stop or not', async () => {
    const printed = frame({ event: { data: { stdout: Buffer.alloc(48 * 1024, 'a').toString('base64') } } })
    hostile.behave((request, response) => {
      if (!request.url?.endsWith('/Start')) return void response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
      response.writeHead(200, { 'content-type': 'application/connect+json' }).write(begun.subarray(0, begun.indexOf('}}}') + 3))
      const more = () => {
        while (response.write(printed));
      }
      response.on('drain', more)
      more()
    })
    const before = { rss: process.memoryUsage().rss, taken: hostile.taken() }
    let shown = 0
    const running = await patient.run('yes', { onStdout: (text) => (shown += text.length) })
    expect(await running.exit).toMatchObject({ killed: true })
    expect(shown).toBeLessThanOrEqual(32 * mb)
    const terminal = await patient.terminals.open({ cols: 80, rows: 24, onData: nothing })
    expect(await terminal.exit).toMatchObject({ lost: true })
    expect(hostile.taken() - before.taken).toBeLessThan(120 * mb)
    expect(process.memoryUsage().rss - before.rss).toBeLessThan(400 * mb)
  })

  test('what prints without end, and cannot be asked to stop, is left', async () => {
    const printed = frame({ event: { data: { stdout: Buffer.alloc(48 * 1024, 'a').toString('base64') } } })
    let asked = 0
    hostile.behave((request, response) => {
      if (!request.url?.endsWith('/Start')) {
        asked++
        return void request.socket.destroy()
      }
      response.writeHead(200, { 'content-type': 'application/connect+json' }).write(begun.subarray(0, begun.indexOf('}}}') + 3))
      const more = () => {
        while (response.write(printed));
      }
      response.on('drain', more)
      more()
    })
    const running = await patient.run('yes', { onStdout: nothing })
    expect(await running.exit).toMatchObject({ killed: true })
    // It is given up without an answer, perhaps before the question has arrived.
    await vi.waitFor(() => expect(asked).toBeGreaterThan(0))
  })

  test('a command that it will not end is given up', async () => {
    hostile.behave((request, response) => {
      if (!request.url?.endsWith('/Start')) return
      response.writeHead(200, { 'content-type': 'application/connect+json' }).write(begun.subarray(0, begun.indexOf('}}}') + 3))
    })
    const running = await sandboxAt(hostile.url, { headMs: 2_000 }).run('sleep 1000', { timeoutMs: 100 })
    expect(await running.exit).toMatchObject({ timedOut: true })
  })

  test('once it has let wait, the next call waits less, until it answers', async () => {
    const [headMs, silentMs] = [3_000, 1_000]
    const here = sandboxAt(hostile.url, { headMs, silentMs })
    const timed = async () => {
      const at = performance.now()
      await settled(here.files.stat(path))
      return performance.now() - at
    }
    hostile.behave(nothing)
    expect(await timed()).toBeGreaterThanOrEqual(headMs - 5)
    expect(await timed()).toBeLessThan(headMs - 50)
    hostile.behave((_request, response) => void response.writeHead(404, { 'content-type': 'application/json' }).end('{"code":"not_found"}'))
    await expect(here.files.stat(path)).rejects.toMatchObject({ code: 'not_found' })
    hostile.behave(nothing)
    expect(await timed()).toBeGreaterThanOrEqual(headMs - 5)
  })
})
