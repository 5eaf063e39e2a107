import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path/posix'
import type { Sandbox as CodeSandbox } from '@e2b/code-interpreter'
import { CommandExitError } from 'e2b'
import { cutAfter } from '#shared/base/cut.ts'
import { AppError } from '#shared/base/errors.ts'
import { FilePath } from '#shared/files/path.ts'
import type { FolderPath } from '#shared/files/path.ts'
import type { FileEntry } from '#shared/files/schema.ts'
import { boundsOf } from './bounded-sdk.ts'
import { desktopOf } from './e2b-desktop.ts'
import { asSandboxError, meansGone } from './e2b-errors.ts'
import { pathsOf } from './e2b-paths.ts'
import { portsOf } from './e2b-ports.ts'
import { pythonOf } from './e2b-python.ts'
import { ptyData, terminalOf } from './e2b-terminals.ts'
import { isHeavy } from './port.ts'
import { watchedUpload } from './upload.ts'
import type { RunningCommand, RunOptions, Sandbox } from './port.ts'

const requestTimeoutMs = 30_000
/** Changes are told together: the first after silence almost at once, later ones at most this often. */
const firstMs = 10
const coalesceMs = 60
/** The SDK keeps all output of a command in memory: one that prints more than this is ended. */
const maxOutputBytes = 32 * 1024 * 1024
/** A file is read whole into memory. */
const maxReadBytes = 128 * 1024 * 1024
/** A command that was ended is given up when its end has not been told by then. */
const endMs = 5000
const mostFolders = 1000
const markName = 'ATRIUM_RUN'

export type E2bDeps = {
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
export function e2bSandbox(deps: E2bDeps): Sandbox {
  const { sandbox, onUse, onGone, sharedNetwork } = deps
  // The SDK keeps it to itself, and has no call that reaches a port as bytes.
  const { envdAccessToken } = sandbox as unknown as { envdAccessToken?: string }
  const local = deps.localUrl === undefined ? undefined : { url: deps.localUrl, token: envdAccessToken ?? '' }

  const { absolute, entry: toEntry, folderOf, cwd: placeToRun } = pathsOf(local !== undefined)
  const { patience } = boundsOf(sandbox)

  async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
    onUse()
    try {
      return await work()
    } catch (thrown) {
      if (meansGone(thrown)) onGone()
      throw asSandboxError(thrown, what)
    }
  }

  async function readWithin(path: string, maxBytes: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const stream = await sandbox.files.read(path, { format: 'stream', requestTimeoutMs, ...(signal && { signal }) })
    const chunks: Uint8Array[] = []
    let size = 0
    // Leaving the loop early cancels the stream.
    for await (const chunk of stream) {
      size += chunk.length
      if (size > maxBytes) throw new AppError('too_large', `The file is larger than ${maxBytes} bytes.`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  }

  /** Beside the file first: a stream may end at any moment. */
  async function writeStream(path: FilePath, content: ReadableStream<Uint8Array>, signal: AbortSignal | undefined): Promise<void> {
    const unfinished = absolute(FilePath.parse(join(dirname(path), `.atrium-unfinished-${randomUUID()}`)))
    const { stream, signal: whileTaken, over, hasBroken } = watchedUpload(content, patience.headMs, signal)
    try {
      await sandbox.files.write(unfinished, stream, { useOctetStream: true, signal: whileTaken })
      over()
      await sandbox.files.rename(unfinished, absolute(path), { requestTimeoutMs })
    } catch (thrown) {
      const stalled = over()
      await sandbox.files.remove(unfinished, { requestTimeoutMs }).catch(() => undefined)
      // It looks like a sandbox that is gone, and is not the sandbox's doing.
      if (hasBroken() || signal?.aborted) throw new AppError('invalid_input', 'The upload was cut off before the end.')
      throw stalled ?? thrown
    }
  }

  return {
    id: sandbox.sandboxId,
    files: {
      read: (path, options = {}) => attempt(`read ${path}`, () => readWithin(absolute(path), options.maxBytes ?? maxReadBytes, options.signal)),
      write: (path, content, options = {}) =>
        attempt(`write ${path}`, async () => {
          if (content instanceof ReadableStream) return writeStream(path, content, options.signal)
          const data = typeof content === 'string' ? content : new Blob([new Uint8Array(content)])
          await sandbox.files.write(absolute(path), data, {
            useOctetStream: true,
            requestTimeoutMs: patience.headMs + Math.ceil((content.length / patience.bytesPerSecond) * 1000),
            ...(options.signal && { signal: options.signal }),
          })
        }),
      list: (path) =>
        attempt(`list ${path || 'the workspace'}`, async () => {
          const entries = await sandbox.files.list(absolute(path), { requestTimeoutMs })
          return entries
            .map(toEntry)
            .filter((entry) => entry !== undefined)
            .sort(byKindAndName)
        }),
      stat: (path) =>
        attempt(`look at ${path}`, async () => {
          const entry = toEntry(await sandbox.files.getInfo(absolute(path), { requestTimeoutMs }))
          if (!entry) throw new AppError('not_found', `${path} is neither a file nor a folder.`)
          return entry
        }),
      makeFolder: (path) => attempt(`make ${path}`, async () => void (await sandbox.files.makeDir(absolute(path), { requestTimeoutMs }))),
      rename: (from, to) =>
        attempt(`rename ${from}`, async () => void (await sandbox.files.rename(absolute(from), absolute(to), { requestTimeoutMs }))),
      remove: (path) =>
        attempt(`remove ${path}`, async () => {
          const target = absolute(path)
          // Some hosts take removing nothing for success.
          if (!(await sandbox.files.exists(target, { requestTimeoutMs }))) throw new AppError('not_found', `remove ${path}: not found`)
          await sandbox.files.remove(target, { requestTimeoutMs })
        }),
      watch: (onChange, ended, folder) =>
        attempt('watch the files', async () => {
          const changes = coalesce(onChange)
          const seen = ({ name }: { name: string }) => {
            const changed = folderOf(folder ?? '', name)
            if (folder !== undefined || changed === undefined || !isHeavy(changed)) changes.add(changed)
          }
          const handle = await sandbox.files.watchDir(absolute(folder ?? ''), seen, {
            recursive: folder === undefined,
            timeoutMs: 0,
            requestTimeoutMs,
            onExit: (error) => {
              if (changes.stopped) return
              changes.stop()
              if (error && meansGone(error)) onGone()
              ended?.(error)
            },
          })
          return async () => {
            changes.stop()
            await handle.stop()
          }
        }),
    },
    run: (command, options = {}) => attempt('run the command', () => startCommand(deps, command, options)),
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
    python: pythonOf({ sandbox, local, attempt, hold: deps.hold }),
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

async function startCommand({ sandbox, killsTree, hold, localUrl }: E2bDeps, command: string, options: RunOptions): Promise<RunningCommand> {
  if (command.includes('\0')) throw new AppError('invalid_input', 'A command cannot contain the NUL character.')
  const mark = randomUUID()
  let printed = 0
  let timedOut = false
  let killed = false
  let killing: Promise<void> | undefined

  const take = (show: ((text: string) => void) | undefined) => (text: string) => {
    printed += text.length
    if (printed > maxOutputBytes) {
      if (!killing) options.onStderr?.(`\n[stopped: it printed more than ${maxOutputBytes / 1024 / 1024} MB]\n`)
      killOrLeave()
    } else show?.(text)
  }
  const handle = await sandbox.commands.run(command, {
    background: true,
    timeoutMs: 0,
    requestTimeoutMs,
    cwd: pathsOf(localUrl !== undefined).cwd(options.cwd),
    envs: { ...options.env, [markName]: mark },
    stdin: options.stdin ?? false,
    onStdout: take(options.onStdout),
    onStderr: take(options.onStderr),
  })

  async function killOnce(): Promise<void> {
    killed = true
    lost ??= setTimeout(() => void handle.disconnect(), endMs)
    await sandbox.commands.kill(handle.pid, { requestTimeoutMs })
    if (killsTree) return
    const sweep = `for p in /proc/[0-9]*; do grep -qz '^${markName}=${mark}$' $p/environ 2>/dev/null && kill -9 \${p#/proc/}; done; true`
    await sandbox.commands.run(sweep, { timeoutMs: 10_000, requestTimeoutMs })
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
  let lost: NodeJS.Timeout | undefined
  let timer: NodeJS.Timeout | undefined
  if (options.timeoutMs) {
    timer = setTimeout(() => {
      timedOut = true
      killOrLeave()
    }, options.timeoutMs)
  }
  const exit = handle
    .wait()
    .then(
      ({ exitCode }) => ({ exitCode, reason: undefined }),
      (thrown: unknown) => {
        if (thrown instanceof CommandExitError) return { exitCode: thrown.exitCode, reason: localUrl === undefined ? undefined : reasonIn(thrown) }
        // The stream broke: the sandbox was paused, killed, or died. Whatever the command did, it is over for us.
        killed ||= true
        return { exitCode: -1, reason: undefined }
      },
    )
    .then(({ exitCode, reason }) => {
      release()
      clearTimeout(timer)
      clearTimeout(lost)
      return { exitCode, timedOut, killed: killed && !timedOut, ...(reason !== undefined && { reason }) }
    })
  return {
    pid: handle.pid,
    exit,
    kill,
    sendStdin: async (text) => {
      try {
        await sandbox.commands.sendStdin(handle.pid, text, { requestTimeoutMs })
      } catch (thrown) {
        throw asSandboxError(thrown, 'write to the command')
      }
    },
  }
}

/** The local host says why it ended a command; of any other end it says the status. What runs inside could say it as well, so it is cut. */
const reasonIn = ({ error }: CommandExitError) => (error && !/^(?:exit status|signal:)/.test(error) ? cutAfter(error, 200) : undefined)

/** Folders first, then by name in code-point order. */
export const byKindAndName = (a: FileEntry, b: FileEntry) =>
  Number(b.type === 'folder') - Number(a.type === 'folder') || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

function coalesce(tell: (folders: FolderPath[]) => void) {
  const waiting = new Set<FolderPath>()
  let timer: NodeJS.Timeout | undefined
  let toldAt = Number.NEGATIVE_INFINITY
  let stopped = false
  return {
    get stopped() {
      return stopped
    },
    add(folder: FolderPath | undefined) {
      if (stopped || folder === undefined) return
      // So many at once that the whole is looked at anew.
      if (waiting.size >= mostFolders) waiting.clear()
      waiting.add(folder)
      if (timer) return
      const rest = Math.max(firstMs, toldAt + coalesceMs - performance.now())
      timer = setTimeout(() => {
        timer = undefined
        toldAt = performance.now()
        const folders = [...waiting]
        waiting.clear()
        tell(folders)
      }, rest)
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
