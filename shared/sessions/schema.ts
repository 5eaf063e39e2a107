import { z } from 'zod'
import { AgentId, ItemId, ProjectId, RunId, SessionId, UserId } from '../base/ids.ts'
import { EpochMs } from '../base/time.ts'
import { FilePath } from '../files/path.ts'
import { ModelId } from '../models/schema.ts'
import { RunStatus } from '../runs/schema.ts'

export const SessionTitle = z.string().trim().min(1).max(200)
export const NewSession = z.strictObject({ id: SessionId.optional(), title: SessionTitle.optional() })
/** `archived`: put away, out of the list, or taken back. A new message takes a session back, too. */
export const SessionPatch = z
  .strictObject({ title: SessionTitle.optional(), archived: z.boolean().optional() })
  .refine(({ title, archived }) => title !== undefined || archived !== undefined, 'give a title or archived')

export const SessionSummary = z.object({
  id: SessionId,
  projectId: ProjectId,
  title: z.string(),
  createdBy: UserId,
  createdAt: EpochMs,
  updatedAt: EpochMs,
  /** When it was put away; null while it is in the list. */
  archivedAt: EpochMs.nullable().default(null),
  /** Of the runs that go on one that waits, else the newest; where none does, the one that was begun last. */
  run: z.object({ id: RunId, agentId: AgentId, status: RunStatus }).nullable(),
})
export type SessionSummary = z.infer<typeof SessionSummary>

/** Sessions of one project that a person may pin. */
export const maxPins = 50

/** `queue`: read when the run ends. `steer`: read before the next model call. `interrupt`: abort the step now. */
export const MessageMode = z.enum(['queue', 'steer', 'interrupt'])
export type MessageMode = z.infer<typeof MessageMode>

/** UTF-16 units of one message. */
export const maxMessageLength = 100_000
export const MessageText = z
  .string()
  .min(1, 'a message needs text')
  .max(maxMessageLength)
  .refine((t) => t.trim() !== '', 'a message needs text')

/** Files of the workspace that came with a message; its text names them as well. */
export const maxAttachments = 20
export const Attachments = z.array(FilePath).min(1).max(maxAttachments)

export const NewMessage = z.object({
  id: ItemId.optional(),
  text: MessageText,
  mode: MessageMode.optional(),
  /** `agent`: the agent that the text names, or else the room's first. Or an agent by its code. */
  to: z.union([z.enum(['agent', 'people']), AgentId]).optional(),
  /** The item it answers; an answer to an agent's item addresses the agent. */
  replyTo: ItemId.optional(),
  /** What the agent answers with, one of `GET /api/models`; without it a run has the default and a run under way keeps its own. */
  model: ModelId.optional(),
  attachments: Attachments.optional(),
})
export type NewMessage = z.infer<typeof NewMessage>

export const MessageAccepted = z.object({ itemId: ItemId, runId: RunId.optional() })

/** A message that waits for the run to end, or for its next step. Everyone with edit rights may change or remove it. */
export const QueuedMessage = z.object({
  id: ItemId,
  author: z.object({ kind: z.literal('user'), id: UserId, name: z.string() }),
  /** For whom it is; absent in what an older server wrote. */
  agentId: AgentId.optional(),
  text: z.string(),
  mode: MessageMode,
  createdAt: EpochMs,
  /** The model its author chose. */
  model: z.string().optional(),
  attachments: Attachments.optional(),
  /** The item it answers, or hands on to the agent. */
  replyTo: ItemId.optional(),
  /** Who changed the text last, when that was somebody else. */
  editedBy: z.object({ id: UserId, name: z.string() }).optional(),
})
export type QueuedMessage = z.infer<typeof QueuedMessage>
/** `before`: it is read before another one that waits; null puts it last. */
export const QueuedPatch = z.object({ text: MessageText.optional(), mode: MessageMode.optional(), before: ItemId.nullable().optional() })
