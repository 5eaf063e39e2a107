import { randomUUID } from 'node:crypto'
import type { Sandbox as E2bSandbox } from 'e2b'
import { CommandExitError } from 'e2b'
import { cutAfter } from '#shared/base/cut.ts'
import { AppError } from '#shared/base/errors.ts'
import { asSandboxError } from './e2b-errors.ts'
import { pathsOf } from './e2b-paths.ts'
import type { CommandEnd, RunningCommand, RunOptions } from './port.ts'

const requestTimeoutMs = 30_000
/** The SDK keeps all output of a command in memory: one that prints more than this is ended. */
const maxOutputBytes = 32 * 1024 * 1024
/** A command that was ended is given up when its end has not been told by then. */
const endMs = 5000
const markName = 'ATRIUM_RUN'

type Deps = {
  sandbox: E2bSandbox
  isLocal: boolean
  /** The provider's kill ends one process only: what it started is then found and ended by a second command. */
  killsTree: boolean
  /** It goes on: the sandbox's time is kept from running out until the returned function is called. */
  hold(): () => void
}

/** What is known of how it ended: here for its time or because somebody wanted it, or by what the SDK threw. */
type Ended = { thrown: unknown; timedOut: boolean; killed: boolean; isLocal: boolean }

/** How a command ended. @param thrown undefined for one that ended with 0 */
export function endOf({ thrown, timedOut, killed, isLocal }: Ended): CommandEnd {
  if (thrown === undefined) return { exitCode: 0, timedOut, killed: killed && !timedOut }
  // The stream broke: the sandbox was paused, killed, or died. Whatever the command did, it is over for us.
  if (!(thrown instanceof CommandExitError)) return { exitCode: -1, timedOut, killed: !timedOut }
  const reason = isLocal ? reasonIn(thrown) : undefined
  return { exitCode: thrown.exitCode, timedOut, killed: killed && !timedOut, ...(reason !== undefined && { reason }) }
}

/** The local host says why it ended a command; of any other end it says the status. What runs inside could say it as well, so it is cut. */
const reasonIn = ({ error }: CommandExitError) => (error && !/^(?:exit status|signal:)/.test(error) ? cutAfter(error, 200) : undefined)

/** Ends everything whose environment has this mark. */
const sweepScript = (mark: string) =>
  `for p in /proc/[0-9]*; do grep -qz '^${markName}=${mark}$' $p/environ 2>/dev/null && kill -9 \${p#/proc/}; done; true`

export async function startCommand({ sandbox, isLocal, killsTree, hold }: Deps, command: string, options: RunOptions): Promise<RunningCommand> {
  if (command.includes('\0')) throw new AppError('invalid_input', 'A command cannot contain the NUL character.')
  const mark = randomUUID()
  let printed = 0
  let timedOut = false
  let killed = false
  let killing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let lost: NodeJS.Timeout | undefined

  const take = (show: ((text: string) => void) | undefined) => (text: string) => {
    printed += text.length
    if (printed <= maxOutputBytes) return show?.(text)
    if (!killing) options.onStderr?.(`\n[stopped: it printed more than ${maxOutputBytes / 1024 / 1024} MB]\n`)
    killOrLeave()
  }
  const handle = await sandbox.commands.run(command, {
    background: true,
    timeoutMs: 0,
    requestTimeoutMs,
    cwd: pathsOf(isLocal).cwd(options.cwd),
    envs: { ...options.env, [markName]: mark },
    stdin: options.stdin ?? false,
    onStdout: take(options.onStdout),
    onStderr: take(options.onStderr),
  })

  async function killOnce(): Promise<void> {
    killed = true
    lost ??= setTimeout(() => void handle.disconnect(), endMs)
    await sandbox.commands.kill(handle.pid, { requestTimeoutMs })
    if (!killsTree) await sandbox.commands.run(sweepScript(mark), { timeoutMs: 10_000, requestTimeoutMs })
  }
  function kill(): Promise<void> {
    killing ??= killOnce().catch((thrown: unknown) => {
      killing = undefined
      throw asSandboxError(thrown, 'stop the command')
    })
    return killing
  }
  /** A sandbox that does not even hear that is listened to no longer. */
  const killOrLeave = () => void kill().catch(() => handle.disconnect())

  const release = hold()
  if (options.timeoutMs) {
    timer = setTimeout(() => {
      timedOut = true
      killOrLeave()
    }, options.timeoutMs)
  }
  const over = (thrown: unknown) => {
    release()
    clearTimeout(timer)
    clearTimeout(lost)
    return endOf({ thrown, timedOut, killed, isLocal })
  }
  return {
    pid: handle.pid,
    exit: handle.wait().then(() => over(undefined), over),
    kill,
    async sendStdin(text) {
      await sandbox.commands.sendStdin(handle.pid, text, { requestTimeoutMs }).catch((thrown: unknown) => {
        throw asSandboxError(thrown, 'write to the command')
      })
    },
  }
}
