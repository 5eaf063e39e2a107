import { spawn } from 'node:child_process'
import type { Stream } from './connect.ts'
import { RpcError } from './connect.ts'
import type { End } from './process-end.ts'
import { tagName } from './reap.ts'
import { follow, killTree, pump, show } from './running-process.ts'
import type { RunningProcess, Wanted } from './running-process.ts'
import type { TerminalProcess, Terminals } from './terminal.ts'
import { isSize } from './terminal.ts'

/** Who starts it, and how it goes on there. */
export type Starter = {
  env: Record<string, string>
  started(one: RunningProcess): void
  /** May be called again for one that has ended. */
  ended(one: RunningProcess, end: End): void
}

/** The first to read it, and after what time it is ended. */
type Options = { stream: Stream; timeoutMs: number | undefined }

/** After the command itself has ended: how long a grandchild that holds its pipes is listened to. */
const lingerMs = 250

/** A command is the first to go when memory runs out, not the agent. */
const raiseOom = 'echo 800 >/proc/self/oom_score_adj 2>/dev/null; exec "$@"'
const shellArgs = ({ cmd, args }: Wanted) => ['-c', raiseOom, 'sh', cmd, ...args]

const endAfter = (one: RunningProcess, timeoutMs: number | undefined): NodeJS.Timeout | undefined =>
  timeoutMs === undefined
    ? undefined
    : setTimeout(() => {
        one.endedBy = 'the time limit was reached'
        void killTree(one)
      }, timeoutMs)

/** @throws RpcError `resource_exhausted` when it could not be started */
export async function startPipes(starter: Starter, wanted: Wanted, { stdin, stream, timeoutMs }: Options & { stdin: boolean }): Promise<void> {
  const child = spawn('/bin/sh', shellArgs(wanted), {
    cwd: wanted.cwd,
    env: { ...starter.env, ...wanted.envs, [tagName]: wanted.mark },
    detached: true,
    stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) => reject(new RpcError('resource_exhausted', `the command could not be started: ${error.message}`)))
  })
  const one: RunningProcess = { pid: Number(child.pid), wanted, runs: { kind: 'pipes', child }, readers: new Set(), unread: [] }
  starter.started(one)
  child.stdin?.on('error', () => {})
  const timer = endAfter(one, timeoutMs)
  let left: NodeJS.Timeout | undefined
  const over = (code: number | null, signal: NodeJS.Signals | null) => {
    clearTimeout(timer)
    clearTimeout(left)
    starter.ended(one, { code, signal: signal && `signal: ${signal}` })
    child.stdout?.destroy()
    child.stderr?.destroy()
  }
  child.once('exit', (code, signal) => (left = setTimeout(() => over(code, signal), lingerMs)))
  child.once('close', over)
  follow(one, stream)
  pump(one, child, 'stdout')
  pump(one, child, 'stderr')
}

/** @throws RpcError `invalid_argument` for a size that no terminal has, `resource_exhausted` when it could not be started */
export function startTerminal(
  starter: Starter,
  wanted: Wanted,
  { terminals, size, stream, timeoutMs }: Options & { terminals: Terminals; size: { cols?: unknown; rows?: unknown } },
): void {
  const { cols, rows } = size
  if (!isSize(cols) || !isSize(rows)) throw new RpcError('invalid_argument', 'A terminal can have 1 to 1000 columns and rows.')
  /** Once it has a pid. */
  const known: { one?: RunningProcess; timer?: NodeJS.Timeout | undefined } = {}
  const early: Buffer[] = []
  let terminal: TerminalProcess
  try {
    terminal = terminals.spawn({
      file: '/bin/sh',
      args: shellArgs(wanted),
      env: { ...starter.env, ...wanted.envs, [tagName]: wanted.mark },
      cwd: wanted.cwd,
      cols,
      rows,
      onData: (bytes) => (known.one ? show(known.one, terminal, bytes) : early.push(bytes)),
      onEnd(code, signal) {
        clearTimeout(known.timer)
        if (known.one) starter.ended(known.one, signal === 0 ? { code, signal: null } : { code: null, signal: `signal: ${signal}` })
      },
    })
  } catch (thrown) {
    throw new RpcError('resource_exhausted', `the terminal could not be started: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
  const one: RunningProcess = { pid: terminal.pid, wanted, runs: { kind: 'terminal', terminal }, readers: new Set(), unread: early }
  known.one = one
  starter.started(one)
  known.timer = endAfter(one, timeoutMs)
  follow(one, stream)
}
