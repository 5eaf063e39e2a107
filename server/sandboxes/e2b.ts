import type { Sandbox as CodeSandbox } from '@e2b/code-interpreter'
import { startCommand } from './e2b-commands.ts'
import { desktopOf } from './e2b-desktop.ts'
import { asSandboxError, meansGone } from './e2b-errors.ts'
import { filesOf } from './e2b-files.ts'
import { pathsOf } from './e2b-paths.ts'
import { portsOf } from './e2b-ports.ts'
import { pythonOf } from './e2b-python.ts'
import { ptyData, terminalOf } from './e2b-terminals.ts'
import type { Sandbox } from './port.ts'

const requestTimeoutMs = 30_000

type E2bDeps = {
  sandbox: CodeSandbox
  /** Where the local host answers; undefined in the cloud. */
  localUrl: string | undefined
  /** Nothing keeps it apart from the machine. */
  sharedNetwork: boolean
  /** Before each use: keeps the sandbox's time from running out. */
  onUse(): void
  /** A command or a watch goes on: the time is kept from running out until the returned function is called. */
  hold(): () => void
  /** A call has found that the sandbox is gone. */
  onGone(): void
  /** The provider's kill ends one process only: what it started is then found and ended by a second command. */
  killsTree: boolean
}

/** The port over the `e2b` SDK, for its cloud and for the local host alike. */
export function e2bSandbox({ sandbox, localUrl, sharedNetwork, killsTree, onUse, onGone, hold }: E2bDeps): Sandbox {
  // The SDK keeps it to itself, and has no call that reaches a port as bytes.
  const { envdAccessToken } = sandbox as unknown as { envdAccessToken?: string }
  const local = localUrl === undefined ? undefined : { url: localUrl, token: envdAccessToken ?? '' }
  const isLocal = local !== undefined
  const { cwd: placeToRun } = pathsOf(isLocal)

  async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
    onUse()
    try {
      return await work()
    } catch (thrown) {
      if (meansGone(thrown)) onGone()
      throw asSandboxError(thrown, what)
    }
  }

  return {
    id: sandbox.sandboxId,
    files: filesOf({ sandbox, isLocal, attempt, onGone }),
    run: (command, options = {}) => attempt('run the command', () => startCommand({ sandbox, isLocal, killsTree, hold }, command, options)),
    terminals: {
      open: (options) =>
        attempt('open a terminal', async () => {
          const { cols, rows, cwd, env } = options
          const handle = await sandbox.pty.create({
            cols,
            rows,
            cwd: placeToRun(cwd),
            envs: { ...env },
            timeoutMs: 0,
            requestTimeoutMs,
            onData: ptyData(options),
          })
          return terminalOf(sandbox, handle)
        }),
      connect: (pid, options) =>
        attempt('connect to the terminal', async () => {
          const handle = await sandbox.pty.connect(pid, { timeoutMs: 0, requestTimeoutMs, onData: ptyData(options) })
          return terminalOf(sandbox, handle)
        }),
    },
    python: pythonOf({ sandbox, local, attempt, hold }),
    ports: portsOf({ sandbox, local, attempt }),
    desktop: desktopOf({ sandbox, local, sharedNetwork, attempt }),
    // Measuring it is no use of it: it may be paused all the same.
    async usage() {
      try {
        const [metrics, info] = await Promise.all([sandbox.getMetrics({ requestTimeoutMs }), sandbox.getInfo({ requestTimeoutMs })])
        const last = metrics.at(-1)
        return {
          cpuPercent: Math.max(0, last?.cpuUsedPct ?? 0),
          cpus: last?.cpuCount ?? info.cpuCount,
          memoryBytes: Math.max(0, last?.memUsed ?? 0),
          memoryLimitBytes: last?.memTotal ?? info.memoryMB * 1024 * 1024,
          diskBytes: Math.max(0, last?.diskUsed ?? 0),
          diskLimitBytes: last?.diskTotal ?? 0,
          startedAt: info.startedAt.getTime(),
        }
      } catch (thrown) {
        if (meansGone(thrown)) onGone()
        throw asSandboxError(thrown, 'measure the sandbox')
      }
    },
  }
}
