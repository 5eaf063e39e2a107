import { and, eq } from 'drizzle-orm'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { Database } from '../db/port.ts'
import { members } from './table.ts'

/** Roles as they are now, straight from the database: revoking has to take effect at once. */
export function createRoles({ db }: Database) {
  return {
    async roleOf(userId: UserId, projectId: ProjectId): Promise<Role | undefined> {
      const [row] = await db
        .select({ role: members.role })
        .from(members)
        .where(and(eq(members.projectId, projectId), eq(members.userId, userId)))
      return row?.role
    },

    /** Everybody's. */
    async rolesIn(projectId: ProjectId): Promise<Map<UserId, Role>> {
      const rows = await db.select({ userId: members.userId, role: members.role }).from(members).where(eq(members.projectId, projectId))
      return new Map(rows.map(({ userId, role }) => [userId, role]))
    },
  }
}
