import { z } from 'zod'
import { SessionId, TodoId, UserId } from '../base/ids.ts'
import { FilePath } from '../files/path.ts'

export const WorkspaceTab = z.enum(['files', 'terminal', 'desktop', 'python', 'preview', 'trace'])
export type WorkspaceTab = z.infer<typeof WorkspaceTab>

/** Where somebody is: which session, tab and file, and what they have selected (Yjs relative positions, base64). */
export const Place = z.object({
  sessionId: SessionId.optional(),
  tab: WorkspaceTab.optional(),
  file: FilePath.optional(),
  selection: z.object({ anchor: z.string().max(400), head: z.string().max(400) }).optional(),
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
  place: Place.optional(),
  /** Where they point on the desktop, in its pixels. */
  pointer: z
    .object({ x: z.number().int().min(0).max(16_384), y: z.number().int().min(0).max(16_384) })
    .nullable()
    .optional(),
  following: UserId.nullable().optional(),
})
export type PresenceState = z.infer<typeof PresenceState>
