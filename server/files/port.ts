import type { z } from 'zod'
import type { ConflictId, ProjectId, RunId } from '#shared/base/ids.ts'
import type { OfflineMerge, OfflineEdits } from '#shared/files/merge-offline-edits.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { ClientAuthor, FileAuthor, WrittenTime } from '#shared/files/state.ts'

export type AgentAuthor = Extract<FileAuthor, { kind: 'agent' }>

/** The text of a file as everybody sees it now: the document's when it is open, the disk's when it is not. */
export type SeenText = { text: string; isOpen: boolean }

/**
 * Changes a text. Called with the text as it is at that moment, once more when it changed meanwhile; undefined leaves it.
 */
export type TextChange = (current: string) => string | undefined

/** Files as people and agents edit them together. Paths are of the project's workspace. */
export type Files = {
  /**
   * What a person who looks at the file sees.
   * @throws AppError `not_found`; `too_large` beyond 1 MB; `invalid_input` for what is no text
   */
  read(projectId: ProjectId, path: FilePath): Promise<SeenText>
  /**
   * Edits a file where it is open in its document, under the author's own mark, otherwise on the disk. Resolves when the edit is
   * durable and on the disk.
   * @returns the texts before and after; the same twice when `change` left it
   * @throws AppError as `read`, unless `make` is set: then a file that is not there is made, and one that is no text replaced
   */
  edit(
    projectId: ProjectId,
    path: FilePath,
    author: FileAuthor,
    change: TextChange,
    options?: { make?: boolean },
  ): Promise<{ before: string | undefined; after: string }>
  isOpen(projectId: ProjectId, path: FilePath): boolean
  /** What was typed into open files so far goes to the disk: before a command reads them. Never throws. */
  settle(projectId: ProjectId, path?: FilePath): Promise<void>
  /** The disk may have changed at these paths (all, when none is given), by this author if one is given. */
  diskChanged(projectId: ProjectId, paths?: FilePath[], by?: FileAuthor): void
  /** A command goes on until the returned function is called: what changes on the disk meanwhile is its, and it read nothing before. */
  commandBegan(projectId: ProjectId, author: FileAuthor): () => void
  /** Before a run changes anything: how the files are now is noted, once, to be compared with. Never throws. */
  runBegan(projectId: ProjectId, author: AgentAuthor): Promise<void>
  /** With the documents of everything below. @throws AppError `conflict` when something is there, `not_found` */
  move(projectId: ProjectId, from: FilePath, to: FilePath, by: FileAuthor): Promise<void>
  /** @throws AppError `not_found` when no document of it is open */
  writeBack(projectId: ProjectId, path: FilePath): Promise<number>
  resolveConflict(projectId: ProjectId, id: ConflictId, keep: 'mine' | 'disk' | 'both', by: FileAuthor): Promise<void>
  /**
   * Takes in what a person made of a file without a connection, as edits of theirs; durable, and on the disk if it can be, when it resolves.
   * @throws AppError `unavailable` when nobody can know what the file holds: the sandbox does not run
   */
  mergeOfflineEdits(projectId: ProjectId, what: z.output<typeof OfflineEdits>, by: FileAuthor): Promise<OfflineMerge>
  authors(projectId: ProjectId, path: FilePath): Promise<{ authors: ClientAuthor[]; times: WrittenTime[] }>
  /** The version of a file that a run has read last, for an edit to be anchored to. */
  versions: { note(runId: RunId, path: FilePath, text: string): void; of(runId: RunId, path: FilePath): string | undefined }
  stop(): Promise<void>
}
