import { and, desc, eq, gt, isNull } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { InviteId, ProjectId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { can } from '#shared/projects/roles.ts'
import type { Invite, Role } from '#shared/projects/schema.ts'
import { userName } from '../auth/queries.ts'
import { randomToken, sha256 } from '../base/secrets.ts'
import type { Clock } from '../base/clock.ts'
import type { Database, Db } from '../db/port.ts'
import type { Outbox } from '../events/port.ts'
import { insertMember, lockProject } from './members.ts'
import type { AccessListener } from './listeners.ts'
import { inviteUses, invites, members, projects } from './table.ts'

type Deps = { database: Database; outbox: Pick<Outbox, 'add'>; clock: Clock; accessChanged: AccessListener }

type Joined = { id: InviteId; projectId: ProjectId; role: Role }

const dayMs = 86_400_000
const maxInvites = 200

export function createInvites({ database, outbox, clock, accessChanged }: Deps) {
  const { db } = database
  const usable = (projectId: ProjectId) => and(eq(invites.projectId, projectId), isNull(invites.revokedAt), gt(invites.expiresAt, clock.now()))

  /** @throws AppError `not_found` for an unknown token, `gone` for one that expired or was revoked. */
  async function findUsable(token: string, on: Db = db): Promise<typeof invites.$inferSelect> {
    const [invite] = await on
      .select()
      .from(invites)
      .where(eq(invites.tokenHash, sha256(token)))
    if (!invite) throw new AppError('not_found', 'This invite does not exist. Ask for a new link.')
    if (invite.revokedAt !== null || invite.expiresAt <= clock.now()) {
      throw new AppError('gone', 'This invite is no longer valid. Ask for a new link.')
    }
    return invite
  }

  /**
   * Joins, or lifts a weaker role; a member keeps the stronger one. Each person uses a link once. Hands back whether anything changed.
   * @throws AppError `gone` when this person has used the link, or it is older than their removal
   */
  async function join(tx: Db, invite: Joined, userId: UserId): Promise<boolean> {
    const changed = await joinAs(tx, invite, userId)
    if (changed) await outbox.add(tx, { type: 'member.changed', projectId: invite.projectId, userId, role: invite.role })
    return changed
  }

  async function joinAs(tx: Db, { id, projectId, role }: Joined, userId: UserId): Promise<boolean> {
    // One after the other with removals: none may come between the look at the uses and the joining.
    await lockProject(tx, projectId)
    const me = and(eq(members.projectId, projectId), eq(members.userId, userId))
    const [before] = await tx.select({ role: members.role }).from(members).where(me).for('update')
    const use = { inviteId: id, userId, usedAt: clock.now() }
    const [first] = await tx.insert(inviteUses).values(use).onConflictDoNothing().returning({ usedAt: inviteUses.usedAt })
    if (!first && !before) throw new AppError('gone', 'This invite is no longer valid for you. Ask for a new link.')
    if (!first) return false
    if (!before) return insertMember(tx, { projectId, userId, role, joinedAt: clock.now() })
    if (role !== 'editor' || can(before.role, 'session.create')) return false
    await tx.update(members).set({ role }).where(me)
    return true
  }

  return {
    /** Those that can still be used, newest first. */
    listInvites: (projectId: ProjectId): Promise<Invite[]> =>
      db
        .select({ id: invites.id, role: invites.role, createdBy: invites.createdBy, createdAt: invites.createdAt, expiresAt: invites.expiresAt })
        .from(invites)
        .where(usable(projectId))
        .orderBy(desc(invites.createdAt)),

    /** The token is handed back here and never again. @throws AppError `conflict` beyond 200 usable invites. */
    async createInvite(
      projectId: ProjectId,
      createdBy: UserId,
      { role, expiresInMs = 7 * dayMs }: { role: Exclude<Role, 'owner'>; expiresInMs?: number | undefined },
    ): Promise<Invite & { token: string }> {
      if ((await db.$count(invites, usable(projectId))) >= maxInvites) {
        throw new AppError('conflict', `There are already ${maxInvites} open invites. Revoke one first.`)
      }
      const token = randomToken()
      const now = clock.now()
      const invite = { id: newId<InviteId>('inv'), role, createdBy, createdAt: now, expiresAt: now + expiresInMs }
      await db.insert(invites).values({ ...invite, projectId, tokenHash: sha256(token) })
      return { ...invite, token }
    },

    /** Revoking again changes nothing. @throws AppError `not_found` */
    async revokeInvite(projectId: ProjectId, id: InviteId): Promise<void> {
      const mine = and(eq(invites.id, id), eq(invites.projectId, projectId))
      const [invite] = await db.select({ revokedAt: invites.revokedAt }).from(invites).where(mine)
      if (!invite) throw new AppError('not_found', 'This invite does not exist.')
      if (invite.revokedAt === null) await db.update(invites).set({ revokedAt: clock.now() }).where(mine)
    },

    /** What a person who holds the link may know before joining. */
    async previewInvite(token: string): Promise<{ projectId: ProjectId; project: string; role: Role; invitedBy: string }> {
      const invite = await findUsable(token)
      const [row] = await db.select({ projectId: projects.id, project: projects.name }).from(projects).where(eq(projects.id, invite.projectId))
      const invitedBy = await userName(db, invite.createdBy)
      if (!row || invitedBy === undefined) throw new AppError('not_found', 'This invite does not exist. Ask for a new link.')
      return { ...row, invitedBy, role: invite.role }
    },

    /** Hands back the project that was joined. */
    async acceptInvite(userId: UserId, token: string): Promise<ProjectId> {
      const { projectId, changed } = await database.transaction(async (tx) => {
        const invite = await findUsable(token, tx)
        return { projectId: invite.projectId, changed: await join(tx, invite, userId) }
      })
      if (changed) accessChanged(projectId, userId)
      return projectId
    },

    /** For an account that is being made: the same inside the caller's transaction. */
    redeemInvite: (token: string) => ({
      async check(tx: Db): Promise<void> {
        await findUsable(token, tx)
      },
      /** What it returns tells the listeners; call it after the commit. */
      async take(tx: Db, userId: UserId): Promise<() => void> {
        const invite = await findUsable(token, tx)
        await join(tx, invite, userId)
        return () => accessChanged(invite.projectId, userId)
      },
    }),
  }
}
