import { z } from 'zod'
import { AgentId, ApprovalId, ItemId, ProjectId, RunId, SessionId, UserId } from '../base/ids.ts'
import { EpochMs } from '../base/time.ts'

/** queued → running → (waiting | paused) → running → completed | failed | cancelled */
export const RunStatus = z.enum(['queued', 'running', 'waiting', 'paused', 'completed', 'failed', 'cancelled'])
export type RunStatus = z.infer<typeof RunStatus>

export const finalRunStatuses: readonly RunStatus[] = ['completed', 'failed', 'cancelled']

/** What a waiting run waits for. Most of it is people. */
export const WaitingFor = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('approval'), approvalIds: z.array(ApprovalId) }),
  z.object({ kind: z.literal('question'), itemId: ItemId }),
  /** Control of the desktop, which somebody else has. */
  z.object({ kind: z.literal('control') }),
  /** A moment. */
  z.object({ kind: z.literal('timer'), until: EpochMs }),
  /** The end of another run that it began. */
  z.object({ kind: z.literal('child'), runId: RunId }),
  /** Somebody who allows more to be spent. */
  z.object({ kind: z.literal('budget') }),
  /** Something from outside, by its name. */
  z.object({ kind: z.literal('event'), name: z.string() }),
])
export type WaitingFor = z.infer<typeof WaitingFor>

/** What began a run, beside the person who caused it. */
export const Trigger = z.discriminatedUnion('kind', [
  /** Absent in runs of before the message was kept. */
  z.object({ kind: z.literal('message'), itemId: ItemId.optional() }),
  /** A call that nobody decided in time, asked for again. */
  z.object({ kind: z.literal('approval'), approvalId: ApprovalId }),
  /** Another run, its parent. */
  z.object({ kind: z.literal('run'), runId: RunId }),
])
export type Trigger = z.infer<typeof Trigger>

/** Tokens, summed over the run's model calls. `contextTokens` is the size of the last request that was answered. */
export const RunUsage = z.object({
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  contextTokens: z.number().int().nonnegative(),
  /** contextTokens over the profile's contextWindow, 0 to 100. */
  budgetUsedPct: z.number().min(0),
})
export type RunUsage = z.infer<typeof RunUsage>

/** A run as everyone in the room sees it, under its id in the session document's `states`. */
export const RunState = z.object({
  id: RunId,
  sessionId: SessionId,
  agentId: AgentId,
  agentName: z.string(),
  /** The agent's version that it began with; absent in runs of before versions were kept. */
  agentVersion: z.string().optional(),
  /** The run that began it and waits for its end. */
  parentRunId: RunId.optional(),
  trigger: Trigger.optional(),
  /** Who caused it. */
  causedBy: z.object({ id: UserId, name: z.string() }),
  status: RunStatus,
  waitingFor: WaitingFor.nullable(),
  /** What it does now, for people: "Thinking", "Running npm test", "Retrying in 4 s". */
  activity: z.string().nullable(),
  /** Pauses when the current step has ended. */
  stopping: z.boolean().optional(),
  turn: z.number().int().nonnegative(),
  /** What it answers with; absent until its first model call, where nobody chose. */
  model: z.string().optional(),
  usage: RunUsage,
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: EpochMs,
  startedAt: EpochMs.nullable(),
  endedAt: EpochMs.nullable(),
})
export type RunState = z.infer<typeof RunState>

export const Run = RunState.extend({ projectId: ProjectId })
export type Run = z.infer<typeof Run>
