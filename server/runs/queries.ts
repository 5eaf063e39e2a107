import { and, eq, inArray, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import type { CopiesOfNames } from '../db/copies-of-names.ts'
import type { Db } from '../db/port.ts'
import type { ResourceRows } from '../db/resource-rows.ts'
import { runs, steps } from './table.ts'

export const runRows = {
  stored: { table: runs, id: runs.id, projectId: runs.projectId },
  given: { sessionId: runs.sessionId, runId: runs.id },
} satisfies ResourceRows

const ofRun = sql`(select r.project_id from ${runs} r where r.id = t.run_id)`
export const namesInRuns: CopiesOfNames[] = [
  { table: steps, column: steps.result, project: ofRun },
  { table: steps, column: steps.error, project: ofRun },
  { table: runs, column: runs.error, project: sql`t.project_id` },
]

/** Whether a run goes on in the project, or waits to. */
export const hasRun = async (db: Db, projectId: ProjectId): Promise<boolean> =>
  (await db.$count(runs, and(eq(runs.projectId, projectId), inArray(runs.status, ['queued', 'running'])))) > 0

/**
 * For a query of sessions, what their lists show of a run: of those that go on, one that waits comes first, then the newest; else it is the
 * one that was begun last.
 */
export const shownRun = {
  table: runs,
  fields: { runId: runs.id, agentId: runs.agentId, status: runs.status },
  of: (sessionId: PgColumn, lastRunId: PgColumn) => sql`${runs.id} = coalesce((select r.id from ${runs} r where r.session_id = ${sessionId}
    and r.ended_at is null order by (r.status = 'waiting') desc, r.created_at desc limit 1), ${lastRunId})`,
}

/** Sessions of a project in which the person began a run. */
export async function sessionsOfRunsBy(db: Db, projectId: ProjectId, userId: UserId): Promise<SessionId[]> {
  const rows = await db
    .selectDistinct({ id: runs.sessionId })
    .from(runs)
    .where(and(eq(runs.projectId, projectId), eq(runs.causedBy, userId)))
  return rows.map(({ id }) => id)
}
