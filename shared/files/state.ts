import { z } from 'zod'
import { AgentId, ConflictId, RunId, UserId } from '../base/ids.ts'
import { EpochMs } from '../base/time.ts'
import { FilePath } from './path.ts'

const Person = z.object({ id: UserId, name: z.string() })

/**
 * Who wrote. `sandbox` is a change on the disk that no run is known to have made; `disk` the text as it was when the file
 * was first opened. What an agent writes, or a command it runs, names the run and the person who caused it.
 */
export const FileAuthor = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), id: UserId, name: z.string() }),
  z.object({ kind: z.literal('agent'), id: AgentId, name: z.string(), runId: RunId, causedBy: Person, by: z.enum(['tool', 'command']) }),
  z.object({ kind: z.literal('sandbox') }),
  z.object({ kind: z.literal('disk') }),
])
export type FileAuthor = z.infer<typeof FileAuthor>

/**
 * To whom what a Yjs client id wrote belongs. With `clocks` (from, inclusive, to, exclusive) only that part of it, and before
 * the entry without: an edit that was handed in by somebody else after the server had lost it.
 */
export const ClientAuthor = z.object({
  client: z.number().int().nonnegative(),
  author: FileAuthor,
  /** When it wrote first. An agent has a new id in each run. */
  at: EpochMs.optional(),
  clocks: z.object({ from: z.number().int(), to: z.number().int() }).optional(),
})
export type ClientAuthor = z.infer<typeof ClientAuthor>

/** From its clock `from` on a client id wrote at this time, until its next entry. */
export const WrittenTime = z.object({ client: z.number().int().nonnegative(), from: z.number().int().nonnegative(), at: EpochMs })
export type WrittenTime = z.infer<typeof WrittenTime>

/**
 * How an open file stands to the disk.
 *   level      the document and the disk hold the same, or are about to
 *   waiting    the sandbox does not run: edits are kept and written when it does
 *   missing    there is no such file yet; it is made with the first edit
 *   deleted    it was removed on the disk while it was open; the text stays, and can be written back
 *   moved      it is `to` now: open that
 *   not_text   what is on the disk is not text any more (bytes, a folder); the text stays, and can be written back
 *   too_large  what is on the disk has more than 1 MB; the same
 *   failed     it cannot be written; `detail` says why. Tried again with the next edit and now and then
 */
export const FileStatus = z.enum(['level', 'waiting', 'missing', 'deleted', 'moved', 'not_text', 'too_large', 'failed'])
export type FileStatus = z.infer<typeof FileStatus>

/** One open file in the project's document. */
export const FileState = z.object({
  path: FilePath,
  status: FileStatus,
  since: EpochMs,
  to: FilePath.optional(),
  /** One sentence for people. */
  detail: z.string().max(400).optional(),
  /** Who deleted or moved it, where that is known. */
  by: FileAuthor.optional(),
})
export type FileState = z.infer<typeof FileState>

/** One of two versions of the same place. */
export const ConflictSide = z.object({
  /** At most 4,000 characters of it. */
  text: z.string().max(4000),
  cut: z.boolean(),
  /** Where it stands in the document: Yjs relative positions (encoded, base64). Absent when this side removed the passage. */
  range: z.object({ start: z.string().max(400), end: z.string().max(400) }).optional(),
  /** Everybody who wrote in it since the last common text. */
  authors: z.array(FileAuthor).max(20),
})

/**
 * The document and the disk had changed the same lines. Both stand in the document, `mine` (what was in the document) before
 * `disk`; `resolveConflict` removes the one that is not wanted. When it is `undone`, a program on the disk removed what somebody had
 * just written: only `disk` stands in the document (always with its place), and `resolveConflict` brings `mine` back.
 */
export const FileConflict = z.object({
  id: ConflictId,
  path: FilePath,
  at: EpochMs,
  /** Line of `mine` in the document when it was found, from 1. */
  line: z.number().int().positive(),
  /** The last common text of the place. */
  base: z.string().max(4000),
  mine: ConflictSide,
  disk: ConflictSide,
  /** `disk` is not the disk's: it is what somebody wrote offline. Stored under this name. */
  handedIn: z.literal(true).optional(),
  undone: z.literal(true).optional(),
})
export type FileConflict = z.infer<typeof FileConflict>

/**
 * Where an agent edits, for as long as it does and a few seconds after. Its cursor is in the file document's awareness as
 * anybody's: see `AgentAwareness`.
 */
export const FileEditing = z.object({
  agentId: AgentId,
  name: z.string(),
  runId: RunId,
  path: FilePath,
  /** Yjs relative positions (encoded, base64) of what was written last. */
  anchor: z.string().max(400),
  head: z.string().max(400),
  at: EpochMs,
})
export type FileEditing = z.infer<typeof FileEditing>

/**
 * The awareness state that the server shows for an agent in `file/…`: in the form that y-codemirror draws. `cursor` holds
 * relative positions as JSON. People's states there have the same `user` without `agent`.
 */
export const AgentAwareness = z.object({
  user: z.object({ id: AgentId, name: z.string(), agent: z.literal(true), runId: RunId }),
  cursor: z.object({ anchor: z.unknown(), head: z.unknown() }),
})
export type AgentAwareness = z.infer<typeof AgentAwareness>
