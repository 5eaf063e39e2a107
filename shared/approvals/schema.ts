import { z } from 'zod'
import { AgentId, ApprovalId, ProjectId, RuleId, RunId, SessionId, StepId, UserId } from '../base/ids.ts'
import { EpochMs } from '../base/time.ts'
import { Reason, Risk } from '../policy/reason.ts'
import { Role } from '../projects/schema.ts'
import { CallVerb } from '../sessions/presentation.ts'

export const Permission = z.enum(['allow', 'ask', 'deny'])
export type Permission = z.infer<typeof Permission>

export const ApprovalStatus = z.enum(['pending', 'approved', 'denied', 'expired', 'cancelled'])
export type ApprovalStatus = z.infer<typeof ApprovalStatus>

/** `key`: the name of the API key that gave it; absent when the person did. */
export const Vote = z.object({
  by: UserId,
  name: z.string(),
  decision: z.enum(['approve', 'deny']),
  at: EpochMs,
  reason: z.string().optional(),
  key: z.string().optional(),
})
export type Vote = z.infer<typeof Vote>

/** What people did about a request beside voting, oldest first. */
export const ApprovalNote = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('taken_back'), by: UserId, name: z.string(), at: EpochMs, votedAt: EpochMs }),
  z.object({ kind: z.literal('extended'), by: UserId, name: z.string(), at: EpochMs, until: EpochMs }),
  z.object({ kind: z.literal('asked_again'), by: UserId, name: z.string(), at: EpochMs, runId: RunId.optional() }),
  /** Somebody who may not decide asked somebody who may. */
  z.object({ kind: z.literal('nudged'), by: UserId, name: z.string(), at: EpochMs, to: UserId, toName: z.string() }),
  /** Somebody changed the arguments; the votes of `cleared`, by name, no longer count. */
  z.object({ kind: z.literal('edited'), by: UserId, name: z.string(), at: EpochMs, cleared: z.array(z.string()) }),
])
export type ApprovalNote = z.infer<typeof ApprovalNote>

/** How far an approval reaches: this call; the other calls of the tool in the same run; every call of the tool in the project. */
export const ApprovalScope = z.enum(['once', 'run', 'always'])
export type ApprovalScope = z.infer<typeof ApprovalScope>

/** What changes about an approval after it was asked for. */
export const ApprovalState = z.object({
  status: ApprovalStatus,
  /** The arguments as they will run: edited ones replace what was asked, and clear earlier votes. */
  args: z.unknown(),
  /** One line for people: what it would do. Here it is the one of edited arguments. */
  title: z.string().optional(),
  editedBy: z.object({ id: UserId, name: z.string(), at: EpochMs }).optional(),
  /** The arguments as the agent asked, once somebody edited them. */
  asked: z.unknown().optional(),
  /** Names the arguments: a decision that carries it counts for these alone. Absent in what was written before it was known. */
  digest: z.string().optional(),
  /** Of the arguments as they are. Absent in what was written before they were graded. */
  risk: Risk.optional(),
  reasons: z.array(Reason).optional(),
  /** How far it was approved. Absent while it waits, and in what was decided before one could choose. */
  scope: ApprovalScope.optional(),
  /** When, and by whom, the calls of the run that follow began to ask again, although it was approved for the run. */
  grantEnded: z.object({ at: EpochMs, by: UserId, name: z.string() }).optional(),
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
  /** What the call would do, where the interface has words for it. */
  verb: CallVerb.optional(),
  title: z.string(),
  risk: Risk,
  /** How far approving it reaches unless somebody chooses otherwise; `once` when absent. */
  covers: ApprovalScope.optional(),
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

/** What names the arguments of a request, as the server gives it. */
export const ArgsDigest = z.string().regex(/^[0-9a-f]{64}$/)

/**
 * `scope`: how far an approval reaches, what the request says when it is left out. `run` and `always` never cover a call of a
 * higher risk than this one. `digest`: of the arguments that were read; 409 when they were changed meanwhile.
 */
export const Decision = z.object({
  decision: z.enum(['approve', 'deny']),
  args: z.unknown().optional(),
  reason: z.string().max(2000).optional(),
  scope: ApprovalScope.optional(),
  digest: ArgsDigest.optional(),
})
export type Decision = z.infer<typeof Decision>

/** `takeBack`: its call has not begun and does not begin by itself now, so that the vote can still be taken back. */
export const Decided = Approval.extend({ takeBack: z.boolean().optional() })
export type Decided = z.infer<typeof Decided>

/** Other arguments for a request that waits, without a vote. `digest`: of those that were read. */
export const ApprovalEdit = z.object({ args: z.unknown(), digest: ArgsDigest.optional() })
export type ApprovalEdit = z.infer<typeof ApprovalEdit>

/** What the people of a project decided for every run: a tool that is allowed without asking. */
export const PolicyRule = z.object({
  id: RuleId,
  tool: z.string(),
  permission: Permission,
  /** Calls of a higher risk still ask; absent in rules that were made before calls were graded. */
  maxRisk: Risk.optional(),
  createdBy: z.object({ id: UserId, name: z.string() }),
  createdAt: EpochMs,
})
export type PolicyRule = z.infer<typeof PolicyRule>
