import type { FileEntry } from '#shared/files/schema.ts'
import type { FilePath, FolderPath } from '#shared/files/path.ts'
import type { Isolation, SandboxState } from '#shared/sandboxes/schema.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { heavyFolders } from './host/agent/heavy.ts'

/** Whether a folder is, or is in, one that programs fill: a watch of the whole workspace tells nothing of what is in it. */
export const isHeavy = (folder: FolderPath) => folder.split('/').some((part) => heavyFolders.has(part))

/**
 * The machine of one room. Every path is relative to its workspace. Failures throw AppError: `not_found` for a path that
 * is not there, `invalid_input` for one that cannot be, `sandbox_failed` for the rest. Implemented over the `e2b` SDK
 * alone; the local host and E2B's cloud answer the same calls. `contract.ts` is what every implementation must pass.
 */
export type Sandbox = {
  readonly id: string
  files: {
    read(path: FilePath, options?: { signal?: AbortSignal; maxBytes?: number }): Promise<Uint8Array>
    /** Makes missing folders; replaces the file whole. */
    write(path: FilePath, content: string | Uint8Array, options?: { signal?: AbortSignal }): Promise<void>
    list(path: FolderPath): Promise<FileEntry[]>
    stat(path: FilePath): Promise<FileEntry>
    makeFolder(path: FilePath): Promise<void>
    rename(from: FilePath, to: FilePath): Promise<void>
    /** A folder goes with everything in it. */
    remove(path: FilePath): Promise<void>
    /**
     * Calls back with changed folders, coalesced over 50 to 100 ms; `ended` once when watching stops by itself. Watches the
     * whole workspace, except inside folders that programs fill (node_modules, .git and their like), or only `folder`
     * itself when it is given.
     */
    watch(onChange: (folders: FolderPath[]) => void, ended?: (error?: Error) => void, folder?: FolderPath): Promise<() => Promise<void>>
  }
  /** Starts a command under `/bin/bash -lc`, in the workspace unless `cwd` says where below it. */
  run(command: string, options?: RunOptions): Promise<RunningCommand>
}

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
  exit: Promise<{ exitCode: number; timedOut: boolean; killed: boolean }>
}

/** The life of sandboxes, by project. */
export type Sandboxes = {
  readonly isolation: Isolation
  /** The project's running sandbox: created, connected or resumed as needed; concurrent callers share one start. */
  get(projectId: ProjectId): Promise<Sandbox>
  state(projectId: ProjectId): Promise<SandboxState>
  pause(projectId: ProjectId): Promise<SandboxState>
  /** Ends its processes; its files stay, and the next `get` brings them back. */
  kill(projectId: ProjectId): Promise<SandboxState>
  /** Ends it and deletes its files. */
  remove(projectId: ProjectId): Promise<void>
  /** Called on every change of state, to be shown in the room. */
  onState(listener: (projectId: ProjectId, state: SandboxState) => void): void
  stop(): Promise<void>
}
