import { z } from 'zod'
import { ApprovalId, ItemId, SessionId, TodoId, UserId } from '../base/ids.ts'
import { FilePath } from '../files/path.ts'

export const WorkspaceTab = z.enum(['files', 'terminal', 'desktop', 'python', 'preview', 'trace'])
export type WorkspaceTab = z.infer<typeof WorkspaceTab>

/**
 * What somebody reads in the conversation: its end, as it grows, or the item that is at their line of reading, and which part
 * of its height lies above the line, 0 to 1. A line of reading is a quarter of the view, at most 120 pixels, below its top.
 */
export const Reading = z.union([z.literal('end'), z.object({ item: ItemId, at: z.number().min(0).max(1) })])
export type Reading = z.infer<typeof Reading>

/** Where somebody is: which session, tab and file, what they have selected (Yjs relative positions, base64), and what they read. */
export const Place = z.object({
  sessionId: SessionId.optional(),
  tab: WorkspaceTab.optional(),
  file: FilePath.optional(),
  selection: z.object({ anchor: z.string().max(400), head: z.string().max(400) }).optional(),
  reading: Reading.optional(),
})
export type Place = z.infer<typeof Place>

/**
 * One awareness state on `project/<id>`. `user` is stamped by the server from the connection: what a client writes
 * there is replaced. The rest is the client's own. A state is at most 4 KB of JSON.
 */
export const PresenceState = z.object({
  user: z.object({ id: UserId, name: z.string() }),
  active: z.boolean().optional(),
  typing: z.object({ sessionId: SessionId }).nullable().optional(),
  /** The step of the plan that somebody edits, and where in its text, in UTF-16 units. */
  plan: z
    .object({ todo: TodoId, caret: z.number().int().min(0).max(100_000).optional() })
    .nullable()
    .optional(),
  /** The request for approval whose arguments somebody edits. */
  editing: z.object({ approval: ApprovalId }).nullable().optional(),
  place: Place.optional(),
  /** Where they point on the desktop, in its pixels. */
  pointer: z
    .object({ x: z.number().int().min(0).max(16_384), y: z.number().int().min(0).max(16_384) })
    .nullable()
    .optional(),
  following: UserId.nullable().optional(),
})
export type PresenceState = z.infer<typeof PresenceState>
