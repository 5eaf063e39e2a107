import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { Message, Stream } from './connect.ts'
import { RpcError } from './connect.ts'
import type { MemoryNews } from './memory-news.ts'
import { resolveFolder } from './paths.ts'
import { killTagged, tagName } from './reap.ts'
import type { TerminalProcess, Terminals } from './terminal.ts'
import { isSize } from './terminal.ts'

type Started = {
  pid: number
  tag: string | undefined
  config: { cmd: string; args: string[]; envs: Record<string, string>; cwd: string }
  /** In the environment of everything it starts, so that all of it can be found. */
  mark: string
  runs: { kind: 'pipes'; child: ChildProcess } | { kind: 'terminal'; terminal: TerminalProcess }
  readers: Set<Stream>
  /** What a terminal printed while nobody read it, for who connects next. */
  unread: Buffer[]
  endedBy?: string
  /** A caller has killed it. */
  killed?: boolean
}

/** Of a terminal nobody reads, this much is kept: the last of it. */
const maxUnreadBytes = 1024 * 1024

/** After the command itself has ended: how long a grandchild that holds its pipes is listened to. */
const lingerMs = 250

const noteOf = (what: string) => Buffer.from(`\r\n[${what}]\r\n`)

const strings = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries((value ?? {}) as object).filter((pair): pair is [string, string] => typeof pair[1] === 'string'))

type Wanted = { cmd: string; args: string[]; envs: Record<string, string>; cwd: string; mark: string; tag: string | undefined }

/** A command is the first to go when memory runs out, not the agent. */
const raiseOom = 'echo 800 >/proc/self/oom_score_adj 2>/dev/null; exec "$@"'

/** The commands of the sandbox, and its terminals. */
export function createProcesses(deps: {
  env: Record<string, string>
  terminals: Terminals
  memory: MemoryNews
  beforeStart(command: string): Promise<void>
}) {
  const { env: baseEnv, terminals, memory } = deps
  const running = new Map<number, Started>()
  const instance = randomUUID()

  const find = (selector: unknown): Started => {
    const { pid, tag } = (selector ?? {}) as { pid?: unknown; tag?: unknown }
    const found = typeof tag === 'string' ? [...running.values()].find((one) => one.tag === tag) : running.get(Number(pid))
    if (!found) throw new RpcError('not_found', 'no such process')
    return found
  }

  const tell = (one: Started, event: Message) => {
    let slow: Stream[] | undefined
    for (const reader of one.readers) if (!reader.send({ event })) (slow ??= []).push(reader)
    return slow
  }

  /** Stops reading a pipe while somebody is slow to take what came. */
  const pump = (one: Started, child: ChildProcess, kind: 'stdout' | 'stderr') => {
    const pipe = child[kind]
    pipe?.on('data', (chunk: Buffer) => {
      const slow = tell(one, { data: { [kind]: chunk.toString('base64') } })
      if (!slow) return
      pipe.pause()
      void Promise.all(slow.map((reader) => reader.drained())).then(() => pipe.resume())
    })
  }

  function follow(one: Started, stream: Stream): void {
    one.readers.add(stream)
    stream.onClose(() => one.readers.delete(stream))
    stream.send({ event: { start: { pid: one.pid } } })
    for (const bytes of one.unread.splice(0)) stream.send({ event: { data: { pty: bytes.toString('base64') } } })
  }

  /** A terminal's output to its readers; it is paused while one of them is slow. */
  function show(one: Started, terminal: TerminalProcess, bytes: Buffer): void {
    if (one.readers.size === 0) {
      one.unread.push(bytes)
      for (let kept = one.unread.reduce((sum, { length }) => sum + length, 0); kept > maxUnreadBytes;) kept -= one.unread.shift()?.length ?? kept
      return
    }
    const slow = tell(one, { data: { pty: bytes.toString('base64') } })
    if (!slow) return
    terminal.pause()
    void Promise.all(slow.map((reader) => reader.drained())).then(() => terminal.resume())
  }

  async function startTerminal(wanted: Wanted, size: { cols?: unknown; rows?: unknown }, stream: Stream, timeoutMs: number | undefined) {
    const { cols, rows } = size
    if (!isSize(cols) || !isSize(rows)) throw new RpcError('invalid_argument', 'A terminal can have 1 to 1000 columns and rows.')
    const { cmd, args, envs, cwd, mark, tag } = wanted
    const known: { one?: Started } = {}
    let timer: NodeJS.Timeout | undefined
    const early: Buffer[] = []
    let terminal: TerminalProcess
    try {
      terminal = terminals.spawn({
        file: '/bin/sh',
        args: ['-c', raiseOom, 'sh', cmd, ...args],
        env: { ...baseEnv, ...envs, [tagName]: mark },
        cwd,
        cols,
        rows,
        onData: (bytes) => (known.one ? show(known.one, terminal, bytes) : early.push(bytes)),
        onEnd(code, signal) {
          clearTimeout(timer)
          if (known.one) finish(known.one, signal === 0 ? code : null, signal === 0 ? null : `signal: ${signal}`)
        },
      })
    } catch (thrown) {
      throw new RpcError('resource_exhausted', `the terminal could not be started: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    }
    const { pid } = terminal
    const started: Started = {
      pid,
      tag,
      config: { cmd, args, envs, cwd },
      mark,
      runs: { kind: 'terminal', terminal },
      readers: new Set(),
      unread: early,
    }
    known.one = started
    running.set(pid, started)
    if (timeoutMs !== undefined) timer = endAfter(started, timeoutMs)
    follow(started, stream)
  }

  const endAfter = (one: Started, timeoutMs: number) =>
    setTimeout(() => {
      one.endedBy = 'the time limit was reached'
      void killTree(one)
    }, timeoutMs)

  function finish(one: Started, code: number | null, signal: string | null): void {
    if (!running.delete(one.pid)) return
    // A shell whose program was killed ends with the second.
    const wasKilled = signal === 'signal: SIGKILL' || signal === 'signal: 9' || code === 137
    if (one.endedBy !== undefined || one.killed || !wasKilled) sayEnd(one, code, signal)
    else void memory.reason().then((why) => sayEnd(one, code, signal, why))
  }

  function sayEnd(one: Started, code: number | null, signal: string | null, why = one.endedBy): void {
    const status = signal ?? `exit status ${code}`
    const error = why ?? (signal || code !== 0 ? status : undefined)
    if (why !== undefined && one.runs.kind === 'terminal') show(one, one.runs.terminal, noteOf(why))
    tell(one, { end: { exitCode: code ?? -1, exited: signal === null, status, ...(error !== undefined && { error }) } })
    for (const reader of one.readers) reader.end()
  }

  async function killTree(one: Started): Promise<void> {
    try {
      process.kill(-one.pid, 'SIGKILL')
    } catch {
      // The group is gone; what left it is found by its mark.
    }
    await killTagged(one.mark)
  }

  async function start(message: Message, stream: () => Stream, timeoutMs: number | undefined): Promise<void> {
    const { cmd, args, cwd, envs } = (message.process ?? {}) as Record<string, unknown>
    if (typeof cmd !== 'string' || cmd === '') throw new RpcError('invalid_argument', 'a command is needed')
    const folder = await resolveFolder(cwd)
    const wanted: Wanted = {
      cmd,
      args: Array.isArray(args) ? args.map(String) : [],
      envs: strings(envs),
      cwd: folder,
      mark: `${instance}.${randomUUID()}`,
      tag: typeof message.tag === 'string' ? message.tag : undefined,
    }
    await deps.beforeStart(wanted.args.at(-1) ?? cmd)
    const { pty } = message as { pty?: { size?: { cols?: unknown; rows?: unknown } } }
    if (pty) return startTerminal(wanted, pty.size ?? {}, stream(), timeoutMs)
    return startPipes(wanted, message.stdin === true, stream(), timeoutMs)
  }

  async function startPipes(wanted: Wanted, stdin: boolean, stream: Stream, timeoutMs: number | undefined): Promise<void> {
    const { cmd, args, envs, cwd, mark, tag } = wanted
    const child = spawn('/bin/sh', ['-c', raiseOom, 'sh', cmd, ...args], {
      cwd,
      env: { ...baseEnv, ...envs, [tagName]: mark },
      detached: true,
      stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    })
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (error) => reject(new RpcError('resource_exhausted', `the command could not be started: ${error.message}`)))
    })
    const pid = Number(child.pid)
    const one: Started = { pid, tag, config: { cmd, args, envs, cwd }, mark, runs: { kind: 'pipes', child }, readers: new Set(), unread: [] }
    running.set(pid, one)
    child.stdin?.on('error', () => {})
    const timer = timeoutMs === undefined ? undefined : endAfter(one, timeoutMs)
    let left: NodeJS.Timeout | undefined
    const over = (code: number | null, signal: NodeJS.Signals | null) => {
      clearTimeout(timer)
      clearTimeout(left)
      finish(one, code, signal && `signal: ${signal}`)
      child.stdout?.destroy()
      child.stderr?.destroy()
    }
    child.once('exit', (code, signal) => (left = setTimeout(() => over(code, signal), lingerMs)))
    child.once('close', over)
    follow(one, stream)
    pump(one, child, 'stdout')
    pump(one, child, 'stderr')
  }

  return {
    start,
    connect(message: Message, stream: Stream): void {
      follow(find(message.process), stream)
    },
    /** Said in every terminal, whose shell is not what was ended. */
    tellTerminals(what: string): void {
      for (const one of running.values()) if (one.runs.kind === 'terminal') show(one, one.runs.terminal, noteOf(what))
    },
    /** Ends every command, and says why in their end. */
    async killAll(reason: string): Promise<void> {
      for (const one of running.values()) one.endedBy = reason
      await Promise.all([...running.values()].map(killTree))
      await killTagged(instance)
    },
    rpc: {
      List: async () => ({
        processes: [...running.values()].map(({ pid, tag, config }) => ({ pid, config, ...(tag !== undefined && { tag }) })),
      }),
      SendInput: async ({ process: selector, input }: Message) => {
        const { stdin, pty } = (input ?? {}) as { stdin?: unknown; pty?: unknown }
        const { runs } = find(selector)
        const bytes = Buffer.from(typeof pty === 'string' ? pty : typeof stdin === 'string' ? stdin : '', 'base64')
        if (runs.kind === 'terminal') {
          await runs.terminal.write(bytes).catch(() => Promise.reject(new RpcError('failed_precondition', 'the terminal has ended')))
          return {}
        }
        const pipe = runs.child.stdin
        if (!pipe || pipe.destroyed || pipe.writableEnded) throw new RpcError('failed_precondition', 'the command has no open stdin')
        await new Promise<void>((resolve, reject) =>
          pipe.write(bytes, (error) => (error ? reject(new RpcError('failed_precondition', 'the command closed its stdin')) : resolve())),
        )
        return {}
      },
      CloseStdin: async ({ process: selector }: Message) => {
        const { runs } = find(selector)
        // The end of a terminal's input is a key: control and D.
        if (runs.kind === 'terminal') await runs.terminal.write(Buffer.from([4]))
        else runs.child.stdin?.end()
        return {}
      },
      SendSignal: async ({ process: selector, signal }: Message) => {
        const one = find(selector)
        if (signal === 'SIGNAL_SIGKILL' || signal === 9) {
          one.killed = true
          await killTree(one)
        } else if (signal === 'SIGNAL_SIGTERM' || signal === 15) process.kill(-one.pid, 'SIGTERM')
        else throw new RpcError('invalid_argument', 'the signal may be SIGTERM or SIGKILL')
        return {}
      },
      Update: async ({ process: selector, pty }: Message) => {
        const { cols, rows } = (pty as { size?: { cols?: unknown; rows?: unknown } } | undefined)?.size ?? {}
        const { runs } = find(selector)
        if (runs.kind !== 'terminal') throw new RpcError('failed_precondition', 'the command has no terminal')
        if (!isSize(cols) || !isSize(rows)) throw new RpcError('invalid_argument', 'A terminal can have 1 to 1000 columns and rows.')
        runs.terminal.resize(cols, rows)
        return {}
      },
    } as Record<string, (message: Message) => Promise<Message>>,
  }
}
