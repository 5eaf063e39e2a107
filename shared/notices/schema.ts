import { z } from 'zod'
import { AgentId, ItemId, ProjectId, RunId, SessionId } from '../base/ids.ts'
import { EpochMs } from '../base/time.ts'

const place = { projectId: ProjectId, project: z.string(), sessionId: SessionId, session: z.string(), at: EpochMs }

/** Something that happened in a session and that one person should learn of, wherever they are. */
export const Notice = z.discriminatedUnion('kind', [
  /** Somebody named this person. `text`: the beginning of what they wrote, on one line. */
  z.object({ kind: z.literal('mention'), id: ItemId, ...place, by: z.string(), text: z.string() }),
  /** A run that this person caused has ended, or waits for an answer. */
  z.object({
    kind: z.literal('run'),
    id: z.string(),
    ...place,
    runId: RunId,
    agentId: AgentId,
    outcome: z.enum(['completed', 'failed', 'question']),
  }),
])
export type Notice = z.infer<typeof Notice>

export const noticeLimits = {
  /** Nothing older is told. */
  ageMs: 86_400_000,
  /** Of each kind, the newest. */
  each: 50,
  /** Characters of a message that are told. */
  text: 140,
} as const
