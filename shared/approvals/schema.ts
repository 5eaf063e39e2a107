import { z } from 'zod'
import { AgentId, ApprovalId, ProjectId, RuleId, RunId, SessionId, StepId, UserId } from '../base/ids.ts'
import { EpochMs } from '../base/time.ts'
import { Role } from '../projects/schema.ts'

export const Permission = z.enum(['allow', 'ask', 'deny'])
export type Permission = z.infer<typeof Permission>
export const Risk = z.enum(['low', 'medium', 'high'])
export type Risk = z.infer<typeof Risk>

export const ApprovalStatus = z.enum(['pending', 'approved', 'denied', 'expired', 'cancelled'])
export type ApprovalStatus = z.infer<typeof ApprovalStatus>

export const Vote = z.object({ by: UserId, name: z.string(), decision: z.enum(['approve', 'deny']), at: EpochMs, reason: z.string().optional() })
export type Vote = z.infer<typeof Vote>

/** What people did about a request beside voting, oldest first. */
export const ApprovalNote = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('taken_back'), by: UserId, name: z.string(), at: EpochMs, votedAt: EpochMs }),
  z.object({ kind: z.literal('extended'), by: UserId, name: z.string(), at: EpochMs, until: EpochMs }),
  z.object({ kind: z.literal('asked_again'), by: UserId, name: z.string(), at: EpochMs, runId: RunId.optional() }),
  /** Somebody who may not decide asked somebody who may. */
  z.object({ kind: z.literal('nudged'), by: UserId, name: z.string(), at: EpochMs, to: UserId, toName: z.string() }),
])
export type ApprovalNote = z.infer<typeof ApprovalNote>

/** What changes about an approval after it was asked for. */
export const ApprovalState = z.object({
  status: ApprovalStatus,
  /** The arguments as they will run: edited ones replace what was asked, and clear earlier votes. */
  args: z.unknown(),
  editedBy: z.object({ id: UserId, name: z.string(), at: EpochMs }).optional(),
  /** The arguments as the agent asked, once somebody edited them. */
  asked: z.unknown().optional(),
  votes: z.array(Vote),
  decidedAt: EpochMs.nullable(),
  reason: z.string().optional(),
  /** Absent in what was written before it could change. */
  expiresAt: EpochMs.nullable().optional(),
  notes: z.array(ApprovalNote).optional(),
})
export type ApprovalState = z.infer<typeof ApprovalState>

/** One request for people to decide: the tool, its exact arguments, who asked, who may decide, how many must agree. */
export const Approval = ApprovalState.extend({
  id: ApprovalId,
  projectId: ProjectId,
  sessionId: SessionId,
  runId: RunId,
  stepId: StepId,
  tool: z.string(),
  /** One line for people: what it would do. */
  title: z.string(),
  risk: Risk,
  requestedBy: z.object({ agentId: AgentId, agentName: z.string(), causedBy: UserId, causedByName: z.string() }),
  /** The weakest role that may decide. */
  decidableBy: Role,
  /** How many must approve; one denial denies. */
  quorum: z.number().int().min(1),
  /** The person who caused the run may not decide. */
  fourEyes: z.boolean(),
  createdAt: EpochMs,
  expiresAt: EpochMs.nullable(),
})
export type Approval = z.infer<typeof Approval>

/** `scope: "always"` also makes a rule that allows this tool in this project. */
export const Decision = z.object({
  decision: z.enum(['approve', 'deny']),
  args: z.unknown().optional(),
  reason: z.string().max(2000).optional(),
  scope: z.enum(['once', 'always']).optional(),
})
export type Decision = z.infer<typeof Decision>

/** `takeBack`: its call has not begun and does not begin by itself now, so that the vote can still be taken back. */
export const Decided = Approval.extend({ takeBack: z.boolean().optional() })
export type Decided = z.infer<typeof Decided>

/** What the people of a project decided for every run: a tool that is allowed without asking. */
export const PolicyRule = z.object({
  id: RuleId,
  tool: z.string(),
  permission: Permission,
  createdBy: z.object({ id: UserId, name: z.string() }),
  createdAt: EpochMs,
})
export type PolicyRule = z.infer<typeof PolicyRule>
