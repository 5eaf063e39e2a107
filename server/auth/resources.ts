import { eq } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { z } from 'zod'
import { ApprovalId, ProjectId, RunId, SessionId } from '#shared/base/ids.ts'
import type { Resource } from '#shared/wire/call.ts'
import { approvalRows } from '../approvals/queries.ts'
import type { Database } from '../db/port.ts'
import type { ResourceRows } from '../db/resource-rows.ts'
import { runRows } from '../runs/queries.ts'
import { sessionRows } from '../sessions/queries.ts'

/** `rows`: undefined for a project itself. */
type Facts = { id: z.ZodType<string>; rows: ResourceRows | undefined }

/**
 * What the `:id` of a call for members names, and how it leads to a project. Rights are decided by it, and requests are passed on by it to
 * the process that has the room.
 */
export const resources = {
  project: { id: ProjectId, rows: undefined },
  session: { id: SessionId, rows: sessionRows },
  run: { id: RunId, rows: runRows },
  approval: { id: ApprovalId, rows: approvalRows },
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
  const { table, id, projectId } = resources[ref.resource].rows.stored
  const [row] = await db
    .select({ projectId })
    .from(table as PgTable)
    .where(eq(id, ref.id))
  return row?.projectId
}
