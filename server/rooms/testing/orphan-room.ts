import { sql } from 'drizzle-orm'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Database } from '../../db/port.ts'

/** The time that its owner's lease lasts has passed, for this room alone: whoever asks gets it. */
export async function orphanRoom(database: Database, projectId: ProjectId): Promise<void> {
  await database.rows(sql`update leases set owner = 'gone' where project_id = ${projectId} returning 1 as done`)
}
