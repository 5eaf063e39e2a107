import { Sandbox as CodeSandbox } from '@e2b/code-interpreter'
import type { Sandbox } from 'e2b'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openMemoryGroup } from '../../testing/memory-group.ts'
import { needs } from '../../testing/require.ts'
import { openTestHost } from '../../testing/sandbox-host.ts'
import type { TestHost } from '../../testing/sandbox-host.ts'
import { noCgroups } from './isolation/cgroup.ts'

const limits = { memoryBytes: 320 * 2 ** 20 }
const reached = 'the memory limit of 320 MB was reached'
const hog = `exec /opt/atrium/bin/node -e "const kept=[]; for(;;) kept.push(Buffer.alloc(16*1024*1024, 1))"`
const pythonHog = 'kept = []\nwhile True: kept.append(bytearray(16 * 1024 * 1024))'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step()
})

async function openHost(options: Parameters<typeof openTestHost>[0]): Promise<TestHost> {
  const here = await openTestHost({ limits, ...options })
  cleanUp.push(() => here.close())
  return here
}

async function container() {
  const group = await openMemoryGroup()
  cleanUp.push(group.close)
  return group
}

/** What its end says. */
const endOf = (sandbox: Sandbox, command: string) =>
  sandbox.commands.run(command, { timeoutMs: 60_000 }).then(
    () => 'it ended well',
    (thrown: { error?: string; exitCode?: number }) => thrown.error ?? `exit status ${thrown.exitCode}`,
  )

describe('what is ended for memory says so', await needs('sandbox'), () => {
  test('a command over the limit, by whatever holds this machine to it', async () => {
    const sandbox = await (await openHost({})).create()
    expect(await endOf(sandbox, hog)).toBe(reached)
    // A shell that outlives its program ends with its code.
    expect(await endOf(sandbox, `(${hog}); exit $?`)).toBe(reached)
  })

  test('a command over the limit where there are no control groups', async () => {
    const sandbox = await (await openHost({ groups: { sandboxes: noCgroups, memory: undefined } })).create()
    expect(await endOf(sandbox, hog)).toBe(reached)
  })

  test('a command that the kernel ended for the limit of the container, and no other that was killed', async () => {
    const { groups, countKill } = await container()
    const sandbox = await (await openHost({ groups })).create()
    const [first, second] = [endOf(sandbox, 'sleep 300 & echo $! > pid; wait $!'), endOf(sandbox, 'sleep 300 & echo $! > other; wait $!')]
    await vi.waitFor(async () => void (await sandbox.commands.run('test -s pid && test -s other')), { timeout: 20_000, interval: 100 })
    // A person's own kill: nothing was counted.
    await sandbox.commands.run('kill -9 $(cat other)')
    expect(await second).toBe('exit status 137')
    await Promise.all([countKill(), sandbox.commands.run('kill -9 $(cat pid)')])
    expect(await first).toBe('the server had no more memory')
    // One was ended, and one has said so.
    expect(await endOf(sandbox, 'kill -9 $$')).toBe('signal: SIGKILL')
  })

  test('the whole sandbox, when its first program was ended', async () => {
    const { groups, countKill } = await container()
    const { host, create } = await openHost({ groups })
    const died: [string, boolean][] = []
    host.onDied((id, forMemory) => died.push([id, forMemory]))
    const [one, other] = [await create(), await create()]
    const endAgent = (sandbox: Sandbox) => void sandbox.commands.run('kill -9 $PPID').catch(() => undefined)
    endAgent(one)
    await vi.waitFor(() => expect(died).toEqual([[one.sandboxId, false]]), { timeout: 20_000 })
    await countKill()
    endAgent(other)
    await vi.waitFor(() => expect(died.slice(1)).toEqual([[other.sandboxId, true]]), { timeout: 20_000 })
  })
})

describe('Python that is ended for memory says so', await needs('sandbox', 'python'), () => {
  test.each([
    ['by whatever holds this machine to it', {}],
    ['where there are no control groups', { groups: { sandboxes: noCgroups, memory: undefined } }],
  ])('a cell over the limit, %s', async (_, options) => {
    const { connection } = await openHost(options)
    const sandbox = await CodeSandbox.create({ ...connection })
    const { error } = await sandbox.runCode(pythonHog, { timeoutMs: 60_000 })
    // Python sees some of it itself, where it asks the kernel for more than there is.
    expect(error?.name).toBe('InterpreterEnded')
    expect(error?.value).toBe(`the interpreter ended (${reached}); its variables are gone`)
    expect((await sandbox.runCode('1 + 1')).text).toBe('2')
  })
})

describe('a terminal whose program is ended for memory', await needs('sandbox'), () => {
  async function openTerminal(sandbox: Sandbox) {
    let shown = ''
    const { pid } = await sandbox.pty.create({ cols: 100, rows: 20, timeoutMs: 0, onData: (bytes) => void (shown += Buffer.from(bytes).toString()) })
    return { type: (text: string) => sandbox.pty.sendInput(pid, Buffer.from(text)), shown: () => shown }
  }

  test('shows why for the limit of the container, and the terminals of other sandboxes do not', async () => {
    const { groups, countKill } = await container()
    const { create } = await openHost({ groups })
    const [one, other] = [await create(), await create()]
    const [terminal, elsewhere] = [await openTerminal(one), await openTerminal(other)]
    await terminal.type(
      `/opt/atrium/bin/node -e "globalThis.kept = Buffer.alloc(160 * 2 ** 20, 1); fs.writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1e6)"\n`,
    )
    await elsewhere.type('echo here\n')
    await vi.waitFor(async () => void (await one.commands.run('test -s pid')), { timeout: 30_000, interval: 100 })
    // Measured, and so seen to be large.
    await vi.waitFor(async () => expect(Number((await one.getMetrics()).at(-1)?.memUsed)).toBeGreaterThan(160 * 2 ** 20), { timeout: 10_000 })
    await Promise.all([countKill(), one.commands.run('kill -9 $(cat pid)')])
    await vi.waitFor(() => expect(terminal.shown()).toContain('a program in this sandbox was ended: the server had no more memory'), {
      timeout: 10_000,
    })
    expect(elsewhere.shown()).not.toContain('was ended')
  })

  test('shows why, beside the shell’s own word', async () => {
    const sandbox = await (await openHost({})).create()
    const terminal = await openTerminal(sandbox)
    await terminal.type(`(${hog})\n`)
    await vi.waitFor(() => expect(terminal.shown()).toContain(reached), { timeout: 60_000, interval: 100 })
  })
})
