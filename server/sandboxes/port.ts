import type { FileEntry } from '#shared/files/schema.ts'
import type { FilePath, FolderPath } from '#shared/files/path.ts'
import type { DesktopStatus, Isolation, LimitsAnswer, SandboxLimits, SandboxState, SandboxStatus, SandboxUsage } from '#shared/sandboxes/schema.ts'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import type { EventItem, Item } from '#shared/sessions/items.ts'
import type { Duplex } from 'node:stream'
import type { Db } from '../db/port.ts'

/**
 * The machine of one room. Every path is relative to its workspace. Failures throw AppError: `not_found` for a path that
 * is not there, `invalid_input` for one that cannot be, `sandbox_failed` for the rest. Implemented over the `e2b` SDK
 * alone; the local host and E2B's cloud answer the same calls. `contract.ts` is what every implementation must pass.
 */
export type Sandbox = {
  readonly id: string
  files: {
    read(path: FilePath, options?: { signal?: AbortSignal; maxBytes?: number }): Promise<Uint8Array>
    /** Makes missing folders; replaces the file whole, also by a stream: when that breaks off, the file is what it was. */
    write(path: FilePath, content: string | Uint8Array | ReadableStream<Uint8Array>, options?: { signal?: AbortSignal }): Promise<void>
    list(path: FolderPath): Promise<FileEntry[]>
    stat(path: FilePath): Promise<FileEntry>
    makeFolder(path: FilePath): Promise<void>
    rename(from: FilePath, to: FilePath): Promise<void>
    /** A folder goes with everything in it. */
    remove(path: FilePath): Promise<void>
    /**
     * Calls back with changed folders: the first after silence almost at once, more of them every 60 ms; `ended` once when
     * watching stops by itself. Watches the whole workspace, except inside folders that programs fill (node_modules, .git
     * and their like), or only `folder` itself when it is given.
     */
    watch(onChange: (folders: FolderPath[]) => void, ended?: (error?: Error) => void, folder?: FolderPath): Promise<() => Promise<void>>
  }
  /** Starts a command under `/bin/bash -lc`, in the workspace unless `cwd` says where below it. */
  run(command: string, options?: RunOptions): Promise<RunningCommand>
  terminals: {
    /** A login shell of bash on a terminal of its own. */
    open(options: TerminalOptions & { cols: number; rows: number; cwd?: string; env?: Record<string, string> }): Promise<Terminal>
    /**
     * Takes up a terminal that still runs, by the pid it was opened with. What it printed while nobody listened comes first
     * (its last part, when it was much). @throws AppError `not_found` when it has ended
     */
    connect(pid: number, options: TerminalOptions): Promise<Terminal>
  }
  python: {
    /**
     * Runs one cell; cells of one context run one after the other. Resolves also when the code fails: see `error`.
     * `signal` and `timeoutMs` interrupt it, which the code sees as KeyboardInterrupt.
     * @throws AppError `not_found` for an unknown context, `unavailable` where there is no Python
     */
    run(code: string, options?: PythonOptions): Promise<PythonOutcome>
    contexts(): Promise<PythonContext[]>
    createContext(options?: { cwd?: string }): Promise<PythonContext>
    removeContext(id: string): Promise<void>
    /** Forgets every variable; what runs now ends. Without an id: the default context. */
    restart(id?: string): Promise<void>
    /** Stops the cell that runs now, keeping variables. */
    interrupt(id?: string): Promise<void>
  }
  ports: {
    /**
     * A connection to a port inside, over which HTTP/1.1 is spoken, websockets included; send `headers` with every request.
     * On the local host it is the very byte stream and any protocol goes.
     * @throws AppError `invalid_input` for a port that belongs to the platform, `sandbox_failed` when nothing listens
     */
    connect(port: number): Promise<{ stream: Duplex; headers: Record<string, string> }>
    /** TCP ports that programs inside listen on, ascending; those of the platform are left out. */
    listening(): Promise<number[]>
    /** Calls back with all of them, at once and after every change. `ended` once when watching stops by itself. */
    watch(onChange: (ports: number[]) => void, ended?: (error?: Error) => void): Promise<() => Promise<void>>
  }
  desktop: {
    status(): Promise<DesktopStatus>
    /** Starts it unless it runs; about a second. A size that differs from the running one's is changed to. */
    start(size?: { width: number; height: number }): Promise<DesktopStatus>
    /**
     * A stream of RFB to the running display, before any handshake; the server offers security None. Many may be open at once.
     * @throws AppError `conflict` when the desktop does not run
     */
    connect(): Promise<Duplex>
    stop(): Promise<void>
  }
  /** CPU in percent of one core, as of now. */
  usage(): Promise<SandboxUsage>
}

export type TerminalOptions = {
  /**
   * Raw bytes, in order, none left out. While a returned promise is pending, nothing more is read, and the program that
   * prints is held up.
   */
  onData(bytes: Uint8Array): void | Promise<void>
}

export type Terminal = {
  readonly pid: number
  /** Keys and pastes, as bytes or UTF-8. Resolves when the terminal has taken them. */
  write(data: string | Uint8Array): Promise<void>
  resize(size: { cols: number; rows: number }): Promise<void>
  /** Ends the shell and everything started in it. */
  kill(): Promise<void>
  /** Stops listening; the terminal goes on and can be connected to again. */
  disconnect(): Promise<void>
  /** When the shell has ended and all output was told. Never rejects; `lost` when the sandbox went away under it. */
  exit: Promise<{ exitCode: number; lost: boolean }>
}

export type PythonContext = { id: string; language: string; cwd: string }

/** One value, in each form it has: `png`, `jpeg` and `pdf` are base64, the rest text, `json` and `data` parsed. */
export type PythonResult = {
  /** The value of the cell's last expression, as against one that was displayed. */
  isMain: boolean
  text?: string
  html?: string
  markdown?: string
  svg?: string
  png?: string
  jpeg?: string
  pdf?: string
  latex?: string
  javascript?: string
  json?: unknown
}

export type PythonError = { name: string; value: string; traceback: string }

export type PythonOptions = {
  contextId?: string
  signal?: AbortSignal
  /** 0 or absent: no limit. */
  timeoutMs?: number
  onStdout?: (text: string) => void | Promise<void>
  onStderr?: (text: string) => void | Promise<void>
  onResult?: (result: PythonResult) => void | Promise<void>
  onError?: (error: PythonError) => void | Promise<void>
}

/** How a cell ended. Output and results are in the callbacks only. */
export type PythonOutcome = { error?: PythonError; executionCount: number | undefined; interrupted: boolean; timedOut: boolean }

export type RunOptions = {
  cwd?: string
  env?: Record<string, string>
  /** 0: no limit. Past it the command is killed and `exit` has `timedOut`. */
  timeoutMs?: number
  stdin?: boolean
  onStdout?: (text: string) => void
  onStderr?: (text: string) => void
}

export type RunningCommand = {
  readonly pid: number
  sendStdin(text: string): Promise<void>
  /** Ends the command and everything it started. */
  kill(): Promise<void>
  /** Never rejects for a failing command. Output is in the callbacks only. */
  exit: Promise<CommandEnd>
}

export type CommandEnd = {
  exitCode: number
  timedOut: boolean
  killed: boolean
  /** Why its sandbox, or the kernel, ended it, such as for memory; where that is known. */
  reason?: string
}

/** What sandboxes ask of the rest. Connected when the server is composed. */
export type SandboxPorts = {
  /** How many people are in the room now. */
  peopleIn(projectId: ProjectId): number
  /** Stores something that happened, at the end of a session and in this transaction. Undefined when the session is gone. */
  append(tx: Db, sessionId: SessionId, event: Omit<EventItem, 'seq'>, now: number): Promise<Item[] | undefined>
  /** Shows items that were committed. */
  show(sessionId: SessionId, items: readonly Item[]): Promise<void>
}

/** The life of sandboxes, by project. */
export type Sandboxes = {
  readonly isolation: Isolation
  /**
   * The project's running sandbox: created, connected or resumed as needed; concurrent callers share one start.
   * @throws AppError `unavailable`, with words, when it waits for a place still after `queueMs`; it goes on waiting
   */
  get(projectId: ProjectId, options?: { queueMs?: number }): Promise<Sandbox>
  /** Starts it; resolves when it runs, or waits for a place. */
  wake(projectId: ProjectId): Promise<SandboxState>
  state(projectId: ProjectId): Promise<SandboxState>
  /** Of those that this process has looked at. */
  states(): SandboxStatus[]
  pause(projectId: ProjectId): Promise<SandboxState>
  /** Ends its processes, or its wait for a place; its files stay, and the next `get` brings them back. */
  kill(projectId: ProjectId): Promise<SandboxState>
  /** Ends it, and starts a fresh one with its files. */
  restart(projectId: ProjectId): Promise<SandboxState>
  /** Undefined unless it runs. */
  usage(projectId: ProjectId): Promise<SandboxUsage | undefined>
  limits(projectId: ProjectId): Promise<LimitsAnswer>
  /** @throws AppError `unavailable` where the provider sets them, `invalid_input` beyond what the operator allows */
  setLimits(projectId: ProjectId, limits: Partial<SandboxLimits>): Promise<LimitsAnswer>
  connect(ports: SandboxPorts): void
  /** Ends it and deletes its files and their copies. Again is harmless. @param sandboxId the one it had, when its project is gone already */
  remove(projectId: ProjectId, sandboxId?: string): Promise<void>
  /** Called on every change of state, to be shown in the room. */
  onState(listener: (projectId: ProjectId, state: SandboxState) => void): void
  /**
   * For a copy of the data folder: nothing in it that is of sandboxes changes until what is handed back is called. Programs stand still
   * meanwhile, and whoever asks for a sandbox or for its files waits.
   */
  quiesce(): Promise<() => void>
  stop(): Promise<void>
}
