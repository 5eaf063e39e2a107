import { and, asc, eq, ne } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { Member, Role } from '#shared/projects/schema.ts'
import { emailOf, findUser, nameOf } from '../auth/queries.ts'
import type { Clock } from '../base/clock.ts'
import type { Database, Db } from '../db/port.ts'
import type { Outbox } from '../events/port.ts'
import type { AccessListener } from './listeners.ts'
import { inviteUses, invites, members, projects } from './table.ts'

type Deps = { database: Database; outbox: Pick<Outbox, 'add'>; clock: Clock; accessChanged: AccessListener }

export const maxMembers = 500

export function createMembers({ database, outbox, clock, accessChanged }: Deps) {
  const { db } = database

  const fields = {
    userId: members.userId,
    name: nameOf(members.userId),
    email: emailOf(members.userId),
    role: members.role,
    joinedAt: members.joinedAt,
  }
  const inProject = (projectId: ProjectId, userId: UserId) => and(eq(members.projectId, projectId), eq(members.userId, userId))

  async function findMember(projectId: ProjectId, userId: UserId, on: Db = db): Promise<Member | undefined> {
    const [member] = await on.select(fields).from(members).where(inProject(projectId, userId))
    return member
  }

  /** @throws AppError `conflict` when nobody else owns the project. */
  async function keepAnOwner(tx: Db, projectId: ProjectId, leaving: UserId): Promise<void> {
    const others = await tx.$count(members, and(eq(members.projectId, projectId), eq(members.role, 'owner'), ne(members.userId, leaving)))
    if (others === 0) throw new AppError('conflict', 'A project needs at least one owner. Make someone else an owner first.')
  }

  /** Links that exist do not undo what was decided about a person. */
  async function barLinks(tx: Db, projectId: ProjectId, userId: UserId): Promise<void> {
    const existing = await tx.select({ inviteId: invites.id }).from(invites).where(eq(invites.projectId, projectId))
    if (existing.length === 0) return
    const uses = existing.map(({ inviteId }) => ({ inviteId, userId, usedAt: clock.now() }))
    await tx.insert(inviteUses).values(uses).onConflictDoNothing()
  }

  return {
    findMember,

    /** In the order in which they joined. Email addresses are for owners. */
    async listMembers(projectId: ProjectId, withEmail: boolean): Promise<Member[]> {
      const all = await db.select(fields).from(members).where(eq(members.projectId, projectId)).orderBy(asc(members.joinedAt), asc(members.userId))
      return withEmail ? all : all.map(({ email: _, ...member }) => member)
    },

    /**
     * Again with the same role changes nothing.
     * @throws AppError `not_found` when there is no such account, `conflict` when a member has another role or the project is full.
     */
    async addMember(projectId: ProjectId, who: { email: string } | { userId: UserId }, role: Role): Promise<Member> {
      const userId = await findUser(db, who)
      if (userId === undefined) throw new AppError('not_found', 'No account here matches that. Send an invite link instead.')
      const added = await database.transaction(async (tx) => {
        const isNew = await insertMember(tx, { projectId, userId, role, joinedAt: clock.now() })
        if (isNew) await outbox.add(tx, { type: 'member.changed', projectId, userId, role })
        return isNew
      })
      const member = await findMember(projectId, userId)
      if (!member) throw new AppError('not_found', 'This project does not exist.')
      if (added) accessChanged(projectId, userId)
      else if (member.role !== role) throw new AppError('conflict', `${member.name} is already a member (${member.role}).`)
      return member
    },

    /** @throws AppError `not_found`; `conflict` for the last owner. */
    async setRole(projectId: ProjectId, userId: UserId, role: Role): Promise<Member> {
      const member = await database.transaction(async (tx) => {
        await lockProject(tx, projectId)
        const before = await findMember(projectId, userId, tx)
        if (!before) throw noMember()
        if (before.role === 'owner' && role !== 'owner') await keepAnOwner(tx, projectId, userId)
        await tx.update(members).set({ role }).where(inProject(projectId, userId))
        if (ranks.indexOf(role) < ranks.indexOf(before.role)) await barLinks(tx, projectId, userId)
        await outbox.add(tx, { type: 'member.changed', projectId, userId, role })
        return { ...before, role }
      })
      accessChanged(projectId, userId)
      return member
    },

    /** @throws AppError `not_found`; `conflict` for the last owner. */
    async removeMember(projectId: ProjectId, userId: UserId): Promise<void> {
      await database.transaction(async (tx) => {
        await lockProject(tx, projectId)
        const before = await findMember(projectId, userId, tx)
        if (!before) throw noMember()
        if (before.role === 'owner') await keepAnOwner(tx, projectId, userId)
        await tx.delete(members).where(inProject(projectId, userId))
        await barLinks(tx, projectId, userId)
        await outbox.add(tx, { type: 'member.removed', projectId, userId })
      })
      accessChanged(projectId, userId)
    },
  }
}

const ranks: readonly Role[] = ['viewer', 'editor', 'owner']

const noMember = () => new AppError('not_found', 'This person is not a member.')

/** Changes of one project's members happen one after another: two owners who leave at once must not leave it ownerless. */
export async function lockProject(tx: Db, projectId: ProjectId): Promise<void> {
  await tx.select({ id: projects.id }).from(projects).where(eq(projects.id, projectId)).for('update')
}

/** Hands back whether the person was not a member before. @throws AppError `conflict` when the project is full. */
export async function insertMember(tx: Db, member: typeof members.$inferInsert): Promise<boolean> {
  await lockProject(tx, member.projectId)
  if ((await tx.$count(members, eq(members.projectId, member.projectId))) >= maxMembers) {
    throw new AppError('conflict', `A project can have up to ${maxMembers} members.`)
  }
  const added = await tx.insert(members).values(member).onConflictDoNothing().returning({ userId: members.userId })
  return added.length > 0
}
