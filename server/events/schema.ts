import { z } from 'zod'
import { ApprovalId, ProjectId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import { ApprovalStatus } from '#shared/approvals/schema.ts'
import { Role } from '#shared/projects/schema.ts'

const event = <T extends string, S extends z.ZodRawShape>(type: T, fields: S) => z.object({ type: z.literal(type), ...fields })

/**
 * What has happened. Stored, so no names and no texts of people: ids only, and what is gone from the tables with it. A field that is added later
 * has a default, because rows of before are read too.
 */
export const DomainEvent = z.discriminatedUnion('type', [
  /** `sandbox`: the one it had; `hostId`: the data folder that this is in, null for a cloud's. */
  event('project.deleted', {
    projectId: ProjectId,
    sessionIds: z.array(SessionId),
    sandbox: z.object({ id: z.string(), hostId: z.string().nullable() }).nullable(),
  }),
  /** A local sandbox whose project is gone. Delivered where it is. */
  event('sandbox.orphaned', { projectId: ProjectId, sandboxId: z.string() }),
  event('session.deleted', { projectId: ProjectId, sessionId: SessionId }),
  /** Came, or has another role. */
  event('member.changed', { projectId: ProjectId, userId: UserId, role: Role }),
  event('member.removed', { projectId: ProjectId, userId: UserId }),
  /** A sign-in or a key lets nobody in any more, because somebody ended it; named as in Principal. */
  event('credential.ended', { userId: UserId, credentialId: z.string() }),
  event('run.ended', { projectId: ProjectId, sessionId: SessionId, runId: RunId, status: z.enum(['completed', 'failed', 'cancelled']) }),
  event('approval.requested', { projectId: ProjectId, sessionId: SessionId, runId: RunId, approvalId: ApprovalId }),
  event('approval.settled', {
    projectId: ProjectId,
    sessionId: SessionId,
    runId: RunId,
    approvalId: ApprovalId,
    status: ApprovalStatus.exclude(['pending']),
  }),
  /** Of a `JobType`, for a time in epoch ms. */
  event('job.planned', { job: z.string(), key: z.string(), at: z.number(), payload: z.unknown() }),
])
export type DomainEvent = z.infer<typeof DomainEvent>
