import { z } from 'zod'
import { AgentId, ProjectId, SessionId, UserId } from '../base/ids.ts'
import { EpochMs } from '../base/time.ts'
import { RunStatus } from '../runs/schema.ts'

/** An agent with a run that is not over, and the session it works in. */
export const AgentAtWork = z.object({
  id: AgentId,
  status: RunStatus.extract(['queued', 'running', 'waiting', 'paused']),
  session: z.object({ id: SessionId, title: z.string() }),
})
export type AgentAtWork = z.infer<typeof AgentAtWork>

/** What goes on in one project, for the page of all projects. */
export const ProjectActivity = z.object({
  id: ProjectId,
  /** People with the room open now. */
  here: z.array(z.object({ id: UserId, name: z.string() })),
  /** The most recent ones, waiting ones first; at most 5. */
  agents: z.array(AgentAtWork),
  sessions: z.number().int(),
  /** Sessions with a run that is not over. */
  running: z.number().int(),
  /** Input and output tokens of the last seven days. */
  tokens: z.number().int(),
  /** The session that changed last, and how its last run went. */
  last: z
    .object({
      id: SessionId,
      title: z.string(),
      at: EpochMs,
      run: z.object({ agentId: AgentId, status: RunStatus, error: z.string().nullable() }).nullable(),
    })
    .nullable(),
})
export type ProjectActivity = z.infer<typeof ProjectActivity>

/** Tokens of the last seven days by agent, most first. */
export const AgentSpend = z.object({ agentId: AgentId, tokens: z.number().int() })

export const Overview = z.object({ projects: z.array(ProjectActivity), spend: z.array(AgentSpend) })
export type Overview = z.infer<typeof Overview>
