import type * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileText } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileAuthor, FileState, FileStatus } from '#shared/files/state.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Sandbox } from '../sandboxes/port.ts'
import type { Documents } from '../sync/port.ts'
import { createCancellableOpen } from './cancellable-open.ts'
import type { Disk } from './disk.ts'
import { createDiskHistory, type DiskHistory } from './disk-history.ts'
import type { FileProjection } from './file-projection.ts'
import { changeStatus, isPending, type StatusDetails } from './file-status.ts'
import type { MergeBases } from './merge-bases.ts'

export type LiveFileDeps = {
  projectId: ProjectId
  path: FilePath
  documents: Documents
  disk: Disk
  texts: MergeBases
  view: FileProjection
  sandbox(): Promise<Sandbox>
  isRunning(): Promise<boolean>
  /** To whom a change found on the disk belongs. */
  diskAuthor(): FileAuthor
  /** Since when the commands that may have changed the disk have run. Undefined: any program may have. */
  readSince(): number | undefined
  /** Another open file whose place a text of this hash has just taken. */
  takenBy(hash: string): FilePath | undefined
  /** Where it went is known: its document goes there. Resolves to false when it cannot. */
  wentTo(to: FilePath, by: FileAuthor): Promise<boolean>
  clock: Clock
  log: Logger
}

/** One open file. `level` (write-disk.ts), `pull` (take-disk.ts) and the rest change it one after another, each in its turn. */
export type LiveFileState = {
  readonly deps: LiveFileDeps
  readonly name: { kind: 'file'; projectId: ProjectId; path: FilePath }
  /** Opens the document, until this file is closed. */
  readonly cancellableOpen: ReturnType<typeof createCancellableOpen>
  readonly history: DiskHistory
  /** Undefined until the document is loaded. */
  doc: Y.Doc | undefined
  /** What people see of it. Only `say` changes it. */
  shown: FileState
  /** The text found on the disk last. Until `until` it may be that of another open file, which was moved here and is missing at its own path. */
  took: { hash: string; until: number }
  /** It is being moved: what the disk has, or lacks, at this path means nothing. */
  held: boolean
  closed: boolean
  /** Resolves when it is closed. */
  readonly closing: Promise<false>
  /** How long the next try waits after one that failed. */
  retryMs: number
}

export const retryTimes = { first: 500, most: 15_000 }

/** @param closing resolves when the file is closed */
export function createLiveFileState(deps: LiveFileDeps, closing: Promise<false>): LiveFileState {
  const { projectId, path } = deps
  const name = { kind: 'file', projectId, path } as const
  return {
    deps,
    name,
    cancellableOpen: createCancellableOpen(deps.documents, name),
    history: createDiskHistory(deps.texts),
    doc: undefined,
    shown: { path, status: 'level', since: deps.clock.now() },
    took: { hash: '', until: 0 },
    held: false,
    closed: false,
    closing,
    retryMs: retryTimes.first,
  }
}

export const textOf = ({ doc }: LiveFileState): string => (doc ? fileText(doc).toString() : '')

/** Whether the document has something that the disk is to have. */
export const isDirty = (file: LiveFileState): boolean => isPending(file.shown) && textOf(file) !== (file.history.base()?.text ?? '')

/** Everybody in the room is told. */
export function say(file: LiveFileState, status: FileStatus, more: StatusDetails = {}): void {
  const next = changeStatus(file.shown, status, file.deps.clock.now(), more)
  if (next === file.shown) return
  file.shown = next
  publish(file)
}

export function publish({ deps: { view, projectId, log }, shown }: LiveFileState): void {
  view.state(projectId, shown).catch((err: unknown) => log.warn({ err }, 'the state of a file was not shown'))
}
