import type { Message } from './connect.ts'
import { RpcError } from './connect.ts'
import { killTree } from './running-process.ts'
import type { RunningProcess } from './running-process.ts'
import { isSize } from './terminal.ts'

/** @throws RpcError `not_found` */
export function findProcess(running: ReadonlyMap<number, RunningProcess>, selector: unknown): RunningProcess {
  const { pid, tag } = (selector ?? {}) as { pid?: unknown; tag?: unknown }
  const found = typeof tag === 'string' ? [...running.values()].find(({ wanted }) => wanted.tag === tag) : running.get(Number(pid))
  if (!found) throw new RpcError('not_found', 'no such process')
  return found
}

/** The unary calls of envd's `process.Process`. */
export function processCalls(running: ReadonlyMap<number, RunningProcess>): Record<string, (message: Message) => Promise<Message>> {
  return {
    List: async () => ({
      processes: [...running.values()].map(({ pid, wanted: { cmd, args, envs, cwd, tag } }) => ({
        pid,
        config: { cmd, args, envs, cwd },
        ...(tag !== undefined && { tag }),
      })),
    }),
    SendInput: async ({ process: selector, input }) => {
      const { stdin, pty } = (input ?? {}) as { stdin?: unknown; pty?: unknown }
      const { runs } = findProcess(running, selector)
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
    CloseStdin: async ({ process: selector }) => {
      const { runs } = findProcess(running, selector)
      // The end of a terminal's input is a key: control and D.
      if (runs.kind === 'terminal') await runs.terminal.write(Buffer.from([4]))
      else runs.child.stdin?.end()
      return {}
    },
    SendSignal: async ({ process: selector, signal }) => {
      const one = findProcess(running, selector)
      if (signal === 'SIGNAL_SIGKILL' || signal === 9) {
        one.killed = true
        await killTree(one)
      } else if (signal === 'SIGNAL_SIGTERM' || signal === 15) process.kill(-one.pid, 'SIGTERM')
      else throw new RpcError('invalid_argument', 'the signal may be SIGTERM or SIGKILL')
      return {}
    },
    Update: async ({ process: selector, pty }) => {
      const { cols, rows } = (pty as { size?: { cols?: unknown; rows?: unknown } } | undefined)?.size ?? {}
      const { runs } = findProcess(running, selector)
      if (runs.kind !== 'terminal') throw new RpcError('failed_precondition', 'the command has no terminal')
      if (!isSize(cols) || !isSize(rows)) throw new RpcError('invalid_argument', 'A terminal can have 1 to 1000 columns and rows.')
      runs.terminal.resize(cols, rows)
      return {}
    },
  }
}
