import { eq } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { z } from 'zod'
import { ApprovalId, ProjectId, RunId, SessionId } from '#shared/base/ids.ts'
import type { Resource } from '#shared/wire/call.ts'
import { approvals } from '../approvals/table.ts'
import type { Database } from '../db/port.ts'
import { runs } from '../runs/table.ts'
import { sessions } from '../sessions/table.ts'

type Facts = {
  id: z.ZodType<string>
  /** Where its project stands; undefined for a project itself. */
  stored: { table: PgTable; id: PgColumn; projectId: PgColumn } | undefined
  /** What of it a call is given besides its project: the names of `Membership`. */
  given: { sessionId?: PgColumn; runId?: PgColumn; approvalId?: PgColumn }
}

/**
 * What the `:id` of a call for members names, and how it leads to a project. Rights are decided by it, and requests are passed on by it to
 * the process that has the room.
 */
export const resources = {
  project: { id: ProjectId, stored: undefined, given: {} },
  session: {
    id: SessionId,
    stored: { table: sessions, id: sessions.id, projectId: sessions.projectId },
    given: { sessionId: sessions.id },
  },
  run: {
    id: RunId,
    stored: { table: runs, id: runs.id, projectId: runs.projectId },
    given: { sessionId: runs.sessionId, runId: runs.id },
  },
  approval: {
    id: ApprovalId,
    stored: { table: approvals, id: approvals.id, projectId: approvals.projectId },
    given: { sessionId: approvals.sessionId, runId: approvals.runId, approvalId: approvals.id },
  },
} as const satisfies Record<Resource, Facts>

/** One of them, by its id. */
export type ResourceRef = { [R in Resource]: { resource: R; id: z.output<(typeof resources)[R]['id']> } }[Resource]

/** Undefined where the text cannot be such an id. */
export function refTo(resource: Resource, text: string): ResourceRef | undefined {
  const parsed = resources[resource].id.safeParse(text)
  return parsed.success ? ({ resource, id: parsed.data } as ResourceRef) : undefined
}

/** The project of a resource; undefined when there is no such thing. A project is taken at its word. */
export async function findProject({ db }: Database, ref: ResourceRef): Promise<ProjectId | undefined> {
  if (ref.resource === 'project') return ref.id
  const { table, id, projectId } = resources[ref.resource].stored
  const [row] = await db
    .select({ projectId })
    .from(table as PgTable)
    .where(eq(id, ref.id))
  return row?.projectId
}
