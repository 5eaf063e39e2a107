import { eq } from 'drizzle-orm'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Db } from '../db/port.ts'
import { sandboxes } from './table.ts'

/** The sandbox that a project has, and the process whose host it lives with. */
export async function sandboxOf(db: Db, projectId: ProjectId): Promise<{ id: string; hostId: string | null } | undefined> {
  const [row] = await db.select({ id: sandboxes.sandboxId, hostId: sandboxes.hostId }).from(sandboxes).where(eq(sandboxes.projectId, projectId))
  return row
}
