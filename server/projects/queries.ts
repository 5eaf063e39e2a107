import { and, eq, getTableName, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { Role } from '#shared/projects/schema.ts'
import { nameOf } from '../auth/queries.ts'
import type { Db } from '../db/port.ts'
import type { ResourceRows } from '../db/resource-rows.ts'
import type { Membership } from '../http/serve.ts'
import { invites, inviteUses, members, projects } from './table.ts'

export async function projectName(db: Db, projectId: ProjectId): Promise<string | undefined> {
  return (await db.select({ name: projects.name }).from(projects).where(eq(projects.id, projectId)))[0]?.name
}

/** Who made a project. */
export async function creatorOf(db: Db, projectId: ProjectId): Promise<UserId | undefined> {
  return (await db.select({ by: projects.createdBy }).from(projects).where(eq(projects.id, projectId)))[0]?.by
}

/** For `inArray`: all projects of whoever made this one. */
export const projectsOfCreator = (db: Db, projectId: ProjectId) =>
  db
    .select({ id: projects.id })
    .from(projects)
    .where(eq(projects.createdBy, db.select({ by: projects.createdBy }).from(projects).where(eq(projects.id, projectId))))

/** For `inArray`: the projects that a person is in. */
export const projectsWith = (db: Db, userId: UserId) => db.select({ id: members.projectId }).from(members).where(eq(members.userId, userId))

/** Within a query: how many projects the person of a column is in. */
export const countProjectsOf = (userId: PgColumn): SQL<number> =>
  sql<number>`(select count(*) from ${members} m where m.user_id = ${sql.identifier(getTableName(userId.table))}.${sql.identifier(userId.name)})`.mapWith(
    Number,
  )

/** Somebody's role in a project now, and their name. */
export async function memberOf(db: Db, projectId: ProjectId, userId: UserId): Promise<{ role: Role; name: string } | undefined> {
  const [member] = await db
    .select({ role: members.role, name: nameOf(members.userId) })
    .from(members)
    .where(and(eq(members.projectId, projectId), eq(members.userId, userId)))
  return member
}

/** Roles of those who are members. */
export async function rolesOf(db: Db, projectId: ProjectId, userIds: readonly UserId[]): Promise<Map<UserId, Role>> {
  const found = await db
    .select({ userId: members.userId, role: members.role })
    .from(members)
    .where(and(eq(members.projectId, projectId), inArray(members.userId, [...userIds])))
  return new Map(found.map(({ userId, role }) => [userId, role]))
}

/**
 * One query: what a call names, its project with what that allows, and the person's role there. Undefined for who is no member, alike for what
 * does not exist.
 * @param rows where a thing of this kind stands; without, the id is the project's
 */
export async function findMembership(db: Db, userId: UserId, id: string, rows: ResourceRows | undefined): Promise<Membership | undefined> {
  const inProject = { projectId: members.projectId, role: members.role, viewersMayWrite: projects.viewersMayWrite }
  const query = db
    .select({ ...inProject, ...rows?.given })
    .from(members)
    .innerJoin(projects, eq(projects.id, members.projectId))
    .$dynamic()
  const joined = rows ? query.innerJoin(rows.stored.table, eq(rows.stored.projectId, members.projectId)) : query
  const [row] = await joined.where(and(eq(rows?.stored.id ?? members.projectId, id), eq(members.userId, userId)))
  // `given` names its columns as a membership does.
  return row as Membership | undefined
}

/** Projects of which this person is the only owner, by name. */
export const ownedAlone = (db: Db, userId: UserId): Promise<{ id: ProjectId; name: string }[]> =>
  db
    .select({ id: projects.id, name: projects.name })
    .from(members)
    .innerJoin(projects, eq(projects.id, members.projectId))
    .where(
      and(
        eq(members.userId, userId),
        eq(members.role, 'owner'),
        sql`not exists (select 1 from ${members} o where o.project_id = ${projects.id} and o.role = 'owner' and o.user_id <> ${userId})`,
      ),
    )
    .orderBy(projects.name)

/** No link that this person made lets anybody in any more, and none remembers them. */
export async function forgetInvitesOf(tx: Db, userId: UserId, now: number): Promise<void> {
  await tx.delete(inviteUses).where(eq(inviteUses.userId, userId))
  await tx
    .update(invites)
    .set({ revokedAt: now })
    .where(and(eq(invites.createdBy, userId), isNull(invites.revokedAt)))
}
