import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { Message, Stream } from './connect.ts'
import { RpcError } from './connect.ts'
import { resolvePath, home } from './paths.ts'
import { killTagged, tagName } from './reap.ts'

type Started = {
  pid: number
  tag: string | undefined
  config: { cmd: string; args: string[]; envs: Record<string, string>; cwd: string }
  /** In the environment of everything it starts, so that all of it can be found. */
  mark: string
  child: ChildProcess
  readers: Set<Stream>
  endedBy?: string
}

/** After the command itself has ended: how long a grandchild that holds its pipes is listened to. */
const lingerMs = 250

const strings = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries((value ?? {}) as object).filter((pair): pair is [string, string] => typeof pair[1] === 'string'))

/** The commands of the sandbox. */
export function createProcesses(baseEnv: Record<string, string>) {
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
  const pump = (one: Started, kind: 'stdout' | 'stderr') => {
    const pipe = one.child[kind]
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
  }

  async function killTree(one: Started): Promise<void> {
    try {
      process.kill(-one.pid, 'SIGKILL')
    } catch {
      // The group is gone; what left it is found by its mark.
    }
    await killTagged(one.mark)
  }

  async function start(message: Message, stream: Stream, timeoutMs: number | undefined): Promise<void> {
    const { cmd, args, cwd, envs } = (message.process ?? {}) as Record<string, unknown>
    if (message.pty) throw new RpcError('unimplemented', 'terminals are not offered by this sandbox')
    if (typeof cmd !== 'string' || cmd === '') throw new RpcError('invalid_argument', 'a command is needed')
    const folder = typeof cwd === 'string' && cwd !== '' ? await resolvePath(cwd) : home
    if (!(await stat(folder).catch(() => undefined))?.isDirectory()) throw new RpcError('invalid_argument', `no folder ${folder} to run in`)
    const list = Array.isArray(args) ? args.map(String) : []
    const mark = `${instance}.${randomUUID()}`
    // A command is the first to go when memory runs out, not the agent.
    const child = spawn('/bin/sh', ['-c', 'echo 800 >/proc/self/oom_score_adj 2>/dev/null; exec "$@"', 'sh', cmd, ...list], {
      cwd: folder,
      env: { ...baseEnv, ...strings(envs), [tagName]: mark },
      detached: true,
      stdio: [message.stdin === true ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    })
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (error) => reject(new RpcError('resource_exhausted', `the command could not be started: ${error.message}`)))
    })
    const pid = Number(child.pid)
    const one: Started = {
      pid,
      tag: typeof message.tag === 'string' ? message.tag : undefined,
      config: { cmd, args: list, envs: strings(envs), cwd: folder },
      mark,
      child,
      readers: new Set(),
    }
    running.set(pid, one)
    child.stdin?.on('error', () => {})
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            one.endedBy = 'the time limit was reached'
            void killTree(one)
          }, timeoutMs)
    let left: NodeJS.Timeout | undefined
    let done = false
    const finish = (code: number | null, signal: NodeJS.Signals | null) => {
      if (done) return
      done = true
      clearTimeout(timer)
      clearTimeout(left)
      running.delete(pid)
      const status = signal ? `signal: ${signal}` : `exit status ${code}`
      const error = one.endedBy ?? (signal || code !== 0 ? status : undefined)
      tell(one, { end: { exitCode: code ?? -1, exited: signal === null, status, ...(error !== undefined && { error }) } })
      for (const reader of one.readers) reader.end()
      child.stdout?.destroy()
      child.stderr?.destroy()
    }
    child.once('exit', (code, signal) => (left = setTimeout(() => finish(code, signal), lingerMs)))
    child.once('close', finish)
    follow(one, stream)
    pump(one, 'stdout')
    pump(one, 'stderr')
  }

  return {
    start,
    connect(message: Message, stream: Stream): void {
      follow(find(message.process), stream)
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
        const { stdin } = (input ?? {}) as { stdin?: unknown }
        const pipe = find(selector).child.stdin
        if (!pipe || pipe.destroyed || pipe.writableEnded) throw new RpcError('failed_precondition', 'the command has no open stdin')
        const bytes = Buffer.from(typeof stdin === 'string' ? stdin : '', 'base64')
        await new Promise<void>((resolve, reject) =>
          pipe.write(bytes, (error) => (error ? reject(new RpcError('failed_precondition', 'the command closed its stdin')) : resolve())),
        )
        return {}
      },
      CloseStdin: async ({ process: selector }: Message) => {
        find(selector).child.stdin?.end()
        return {}
      },
      SendSignal: async ({ process: selector, signal }: Message) => {
        const one = find(selector)
        if (signal === 'SIGNAL_SIGKILL' || signal === 9) await killTree(one)
        else if (signal === 'SIGNAL_SIGTERM' || signal === 15) process.kill(-one.pid, 'SIGTERM')
        else throw new RpcError('invalid_argument', 'the signal may be SIGTERM or SIGKILL')
        return {}
      },
      Update: async () => {
        throw new RpcError('unimplemented', 'terminals are not offered by this sandbox')
      },
    } as Record<string, (message: Message) => Promise<Message>>,
  }
}
