import { randomUUID } from 'node:crypto'
import type { Message, Stream } from './connect.ts'
import { RpcError } from './connect.ts'
import type { MemoryNews } from './memory-news.ts'
import { resolveFolder } from './paths.ts'
import { findProcess, processCalls } from './process-calls.ts'
import { endEvent, wasKilled } from './process-end.ts'
import type { End } from './process-end.ts'
import { startPipes, startTerminal } from './process-start.ts'
import type { Starter } from './process-start.ts'
import { killTagged } from './reap.ts'
import { follow, killTree, showNote, tell } from './running-process.ts'
import type { RunningProcess, Wanted } from './running-process.ts'
import type { Terminals } from './terminal.ts'

const strings = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries((value ?? {}) as object).filter((pair): pair is [string, string] => typeof pair[1] === 'string'))

/** The commands of the sandbox, and its terminals. */
export function createProcesses(deps: {
  env: Record<string, string>
  terminals: Terminals
  memory: MemoryNews
  beforeStart(command: string): Promise<void>
}) {
  const { env, terminals, memory } = deps
  const running = new Map<number, RunningProcess>()
  /** Begins the mark of everything that is started here. */
  const instance = randomUUID()

  function finish(one: RunningProcess, end: End): void {
    if (!running.delete(one.pid)) return
    if (one.endedBy !== undefined || one.killed || !wasKilled(end)) sayEnd(one, end, one.endedBy)
    else void memory.reason().then((why) => sayEnd(one, end, why))
  }

  function sayEnd(one: RunningProcess, end: End, why: string | undefined): void {
    if (why !== undefined) showNote(one, why)
    tell(one, endEvent(end, why))
    for (const reader of one.readers) reader.end()
  }

  const starter: Starter = { env, started: (one) => void running.set(one.pid, one), ended: finish }

  async function readWanted(message: Message): Promise<Wanted> {
    const { cmd, args, cwd, envs } = (message.process ?? {}) as Record<string, unknown>
    if (typeof cmd !== 'string' || cmd === '') throw new RpcError('invalid_argument', 'a command is needed')
    return {
      cmd,
      args: Array.isArray(args) ? args.map(String) : [],
      envs: strings(envs),
      cwd: await resolveFolder(cwd),
      mark: `${instance}.${randomUUID()}`,
      tag: typeof message.tag === 'string' ? message.tag : undefined,
    }
  }

  return {
    async start(message: Message, stream: () => Stream, timeoutMs: number | undefined): Promise<void> {
      const wanted = await readWanted(message)
      await deps.beforeStart(wanted.args.at(-1) ?? wanted.cmd)
      const { pty } = message as { pty?: { size?: { cols?: unknown; rows?: unknown } } }
      if (pty) return startTerminal(starter, wanted, { terminals, size: pty.size ?? {}, stream: stream(), timeoutMs })
      return startPipes(starter, wanted, { stdin: message.stdin === true, stream: stream(), timeoutMs })
    },
    connect(message: Message, stream: Stream): void {
      follow(findProcess(running, message.process), stream)
    },
    /** Said in every terminal, whose shell is not what was ended. */
    tellTerminals(what: string): void {
      for (const one of running.values()) showNote(one, what)
    },
    /** Ends every command, and says why in their end. */
    async killAll(reason: string): Promise<void> {
      for (const one of running.values()) one.endedBy = reason
      await Promise.all([...running.values()].map(killTree))
      await killTagged(instance)
    },
    rpc: processCalls(running),
  }
}
