import { z } from 'zod'
import { Approval, ApprovalStatus } from '../approvals/schema.ts'
import { AgentId, ApprovalId, ArtifactId, ItemId, RunId, StepId, UserId } from '../base/ids.ts'
import { EpochMs } from '../base/time.ts'
import { Presentation } from './presentation.ts'
import { Attachments, MessageMode } from './schema.ts'

export const Author = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), id: UserId, name: z.string() }),
  z.object({ kind: z.literal('agent'), id: AgentId, name: z.string() }),
])
export type Author = z.infer<typeof Author>

const base = {
  id: ItemId,
  /** The item's place in its session, from 1, without gaps; 0 while it is still being streamed. */
  seq: z.number().int().nonnegative(),
  runId: RunId.optional(),
  createdAt: EpochMs,
  finishedAt: EpochMs.nullable(),
}

export const ToolCallStatus = z.enum(['queued', 'waiting', 'running', 'ok', 'failed', 'cancelled', 'denied'])
export type ToolCallStatus = z.infer<typeof ToolCallStatus>

export const MessageItem = z.object({
  ...base,
  type: z.literal('message'),
  author: Author,
  text: z.string(),
  /** What the model thought before it answered, where the server sends it. */
  reasoning: z.string().optional(),
  /** People's messages only. */
  mode: MessageMode.optional(),
  to: z.enum(['agent', 'people']).optional(),
  /** The agent it is for; absent in messages of before that was kept. */
  agentId: AgentId.optional(),
  replyTo: ItemId.optional(),
  attachments: Attachments.optional(),
  /** The model that wrote it; of a person's message the one they chose. */
  model: z.string().optional(),
  /** Cut off by a crash, a stop or a person before it was complete. */
  interrupted: z.boolean().optional(),
})
export type MessageItem = z.infer<typeof MessageItem>

/** `result` is what the model reads; `output` what a command printed, capped, the rest behind `artifactId`. */
export const ToolCallItem = z.object({
  ...base,
  type: z.literal('tool_call'),
  stepId: StepId,
  author: Author,
  name: z.string(),
  args: z.unknown(),
  /** One line for people, in English: "Run npm test". Absent, as `presentation`, only in what a browser kept from before. */
  title: z.string().max(500).optional(),
  /** How it is shown, as its tool says; one of a kind that is not known is shown as its arguments and result are. */
  presentation: Presentation.optional().catch(undefined),
  status: ToolCallStatus,
  /** When it began to run: what came before was waiting, for other calls or for people. Absent while it has not begun. */
  startedAt: EpochMs.optional(),
  result: z.unknown().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  output: z.string().optional(),
  artifactId: ArtifactId.optional(),
  approvalId: ApprovalId.optional(),
  /** The run's model call that asked for it, from 1, and the model's own id of the call. */
  turn: z.number().int().positive().optional(),
  callId: z.string().optional(),
})
export type ToolCallItem = z.infer<typeof ToolCallItem>

/** Pushed when it is requested; its later status is in the document's `states` under the item's id. */
export const ApprovalItem = z.object({ ...base, type: z.literal('approval'), approval: Approval, status: ApprovalStatus })
export type ApprovalItem = z.infer<typeof ApprovalItem>

export const Question = z.object({
  id: z.string().min(1).max(64),
  text: z.string().min(1).max(2000),
  options: z.array(z.string().min(1).max(200)).max(10).optional(),
})
export const QuestionAnswer = z.object({ id: z.string(), text: z.string() })
export const QuestionItem = z.object({
  ...base,
  type: z.literal('question'),
  author: Author,
  questions: z.array(Question),
  status: z.enum(['open', 'answered', 'cancelled']),
  answers: z.array(QuestionAnswer).optional(),
  answeredBy: z.object({ id: UserId, name: z.string() }).optional(),
})
export type QuestionItem = z.infer<typeof QuestionItem>

/** What an event says beside who did it, so that it can be told in any language. Each only where it applies. */
export const EventDetail = z.object({
  agent: z.string(),
  /** The other one, by name: from whom control was taken, or to whom it was given. */
  other: z.string(),
  /** Why the model service is asked again, for people. */
  reason: z.string(),
  attempt: z.number().int(),
  /** Until the next attempt. */
  inMs: z.number(),
  turns: z.number().int(),
  /** The agent's version that the run began with, and the one it goes on with. */
  versions: z.tuple([z.string(), z.string()]),
  /** The pause begins when the current step has ended. */
  afterStep: z.boolean(),
  /** Control was taken from an agent that was allowed to use the desktop for its run: it asks again before it does. */
  asksAgain: z.boolean(),
  /** Tools whose outcome is unknown. */
  tools: z.array(z.string()),
  /** How many files were restored, from a copy of when, and what was not in it. */
  files: z.number().int(),
  copiedAt: EpochMs,
  leftOut: z.array(z.string()),
})
export type EventDetail = z.infer<typeof EventDetail>

/** Run and control changes, and what a person must know: a retry, a failure, a recovery. */
export const EventItem = z.object({
  ...base,
  type: z.literal('event'),
  event: z.enum([
    'run_started',
    'run_completed',
    'run_failed',
    'run_cancelled',
    'run_paused',
    'run_resumed',
    'run_recovered',
    'run_interrupted',
    'agent_changed',
    'model_retry',
    'context_trimmed',
    'turn_limit',
    'control_taken',
    'control_given',
    'control_released',
    'sandbox_restored',
  ]),
  /** One sentence for people, naming who did it. */
  text: z.string(),
  by: Author.optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  detail: EventDetail.partial().optional(),
})
export type EventItem = z.infer<typeof EventItem>

export const Item = z.discriminatedUnion('type', [MessageItem, ToolCallItem, ApprovalItem, QuestionItem, EventItem])
export type Item = z.infer<typeof Item>

/**
 * A page of finished items, newest first. `nextBefore` as `before` gives the page before it, `nextAfter` as `after` the one
 * behind it; null where there is none.
 */
export const ItemPage = z.object({ items: z.array(Item), nextBefore: z.number().int().nullable(), nextAfter: z.number().int().nullable() })
export type ItemPage = z.infer<typeof ItemPage>

/** An item that holds what was searched for. `excerpt`: where it does, in one line of at most about 130 characters. */
export const ItemMatch = z.object({ id: ItemId, seq: z.number().int(), excerpt: z.string() })
export type ItemMatch = z.infer<typeof ItemMatch>

/** Newest first. `nextBefore`: where to go on, older items were not looked at yet; null when all were. A page may be empty and not the last. */
export const ItemMatches = z.object({ matches: z.array(ItemMatch), nextBefore: z.number().int().nullable() })
export type ItemMatches = z.infer<typeof ItemMatches>
