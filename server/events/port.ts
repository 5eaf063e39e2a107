import { z } from 'zod'
import { ApprovalId, ProjectId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import { ApprovalStatus } from '#shared/approvals/schema.ts'
import { Role } from '#shared/projects/schema.ts'
import type { Db } from '../db/port.ts'

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
export type EventType = DomainEvent['type']
export type EventOf<T extends EventType> = Extract<DomainEvent, { type: T }>

/** Who caused it. */
export type Cause = { kind: 'user'; id: UserId } | { kind: 'run'; id: RunId }

/**
 * Called at least once for each event after the commit that made it true, in one process. For one project, events come in the order in which
 * they were stored, and none before the one before it is heard. Must be safe to call again, also for what was half done: one that throws, or takes
 * longer than two minutes, has the event delivered to all listeners once more.
 */
export type Listener<T extends EventType> = (event: EventOf<T>) => unknown
export type Listeners = { [T in EventType]?: Listener<T> }

/** Where events are stored until they are delivered. */
export type Outbox = {
  /**
   * Stores an event in the transaction that makes it true. After its commit it is delivered at once; what a crash leaves, after the next start.
   * What no feature listens to is not stored.
   * @param tx what `Database.transaction` handed to its callback
   * @param hostId only a process that works on this data folder can do what the listeners do
   */
  add(tx: Db, event: DomainEvent, hostId?: string): Promise<void>
  /** Resolves when what this process has committed for a project so far is delivered, or has failed once. Never throws. */
  delivered(projectId: ProjectId): Promise<void>
}
