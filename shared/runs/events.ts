import { z } from 'zod'
import { AgentId, ItemId, RunId, StepId } from '../base/ids.ts'
import { RunUsage } from './schema.ts'

/** The SSE of a session: the event's name is `type`, its `data` the rest as JSON, its `id` opaque and resumable. */
export const SessionEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), runId: RunId, itemId: ItemId, agentId: AgentId, text: z.string() }),
  z.object({ type: z.literal('tool_call_chunk'), runId: RunId, itemId: ItemId, name: z.string(), chunk: z.string() }),
  z.object({ type: z.literal('tool_call'), runId: RunId, itemId: ItemId, stepId: StepId, name: z.string(), args: z.unknown() }),
  z.object({
    type: z.literal('tool_call_result'),
    runId: RunId,
    itemId: ItemId,
    name: z.string(),
    status: z.enum(['ok', 'failed', 'cancelled', 'denied']),
    result: z.unknown().optional(),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
  }),
  /** `model`: of the call that was counted last. */
  RunUsage.extend({ type: z.literal('token_usage'), runId: RunId, model: z.string() }),
  z.object({ type: z.literal('complete'), runId: RunId, status: z.enum(['completed', 'cancelled']) }),
  z.object({ type: z.literal('error'), runId: RunId, error: z.object({ code: z.string(), message: z.string() }) }),
])
export type SessionEvent = z.infer<typeof SessionEvent>
