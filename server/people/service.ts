import { and, asc, eq, gt, isNull, max, ne, sql } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { UserId } from '#shared/base/ids.ts'
import type { Account, AccountQuery, Erasure } from '#shared/people/schema.ts'
import type { Auth } from '../auth/service.ts'
import { apiKeys, authSessions, passwordResets, users } from '../auth/table.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import { advisoryLocks } from '../db/advisory-locks.ts'
import type { Database, Db } from '../db/port.ts'
import type { Outbox } from '../events/port.ts'
import type { Projects } from '../projects/service.ts'
import { members } from '../projects/table.ts'
import type { Documents } from '../sync/port.ts'
import { createErase } from './erase.ts'

export type PeopleDeps = {
  database: Database
  outbox: Pick<Outbox, 'add'>
  clock: Clock
  log: Logger
  auth: Pick<Auth, 'credentialsEnded' | 'makeReset' | 'renamed'>
  projects: Pick<Projects, 'remove' | 'removeMember' | 'setRole' | 'roleOf'>
  documents: Pick<Documents, 'open'>
}

const noAccount = () => new AppError('not_found', 'There is no such account.')

/**
 * What whoever runs the server does with people. The calls for admins and `npm run admin` are both this. A server that runs hears
 * of each change at once: what a sign-in or a key had opened is closed.
 */
export function createPeople(deps: PeopleDeps) {
  const { database, outbox, clock, log, auth } = deps
  const { db } = database

  /** @returns their ids */
  async function storeEnded(tx: Db, userId: UserId, credentials: readonly { id: string }[]): Promise<string[]> {
    for (const { id } of credentials) await outbox.add(tx, { type: 'credential.ended', userId, credentialId: id })
    return credentials.map(({ id }) => id)
  }

  /** Nothing lets the person in any more. Keys stay. Again changes nothing. @throws AppError `not_found`, `conflict` for the last admin */
  async function disable(userId: UserId): Promise<void> {
    const ended = await database.transaction(async (tx) => {
      await keepAnAdmin(tx, userId)
      await tx
        .update(users)
        .set({ disabledAt: clock.now() })
        .where(and(eq(users.id, userId), isNull(users.disabledAt)))
      await tx.delete(passwordResets).where(eq(passwordResets.userId, userId))
      const signIns = await tx.delete(authSessions).where(eq(authSessions.userId, userId)).returning({ id: authSessions.id })
      const keys = await tx.select({ id: apiKeys.id }).from(apiKeys).where(eq(apiKeys.userId, userId))
      return storeEnded(tx, userId, [...signIns, ...keys])
    })
    auth.credentialsEnded(ended)
    log.info({ accountId: userId }, 'an account was disabled')
  }

  /** @throws AppError `not_found` */
  async function revokeKeys(userId: UserId): Promise<{ revoked: number }> {
    await known(db, userId)
    const ended = await database.transaction(async (tx) =>
      storeEnded(tx, userId, await tx.delete(apiKeys).where(eq(apiKeys.userId, userId)).returning({ id: apiKeys.id })),
    )
    auth.credentialsEnded(ended)
    log.info({ accountId: userId, count: ended.length }, 'the keys of an account were revoked')
    return { revoked: ended.length }
  }

  return {
    /** In the order of their addresses; those that were erased are in no list. */
    async list({ after, limit }: AccountQuery): Promise<{ people: Account[]; nextAfter: string | null }> {
      const { id, name, email, admin, createdAt, disabledAt } = users
      const mine = { ids: eq(authSessions.userId, users.id), keys: eq(apiKeys.userId, users.id), members: eq(members.userId, users.id) }
      const seen = max(sql`coalesce(${authSessions.lastSeenAt}, ${authSessions.createdAt})`)
      const rows = await db
        .select({
          id,
          name,
          email,
          admin,
          createdAt,
          disabledAt,
          lastSeenAt: sql<number | null>`(select ${seen} from ${authSessions} where ${mine.ids})`,
          projects: sql<number>`(select count(*) from ${members} where ${mine.members})`.mapWith(Number),
          keys: sql<number>`(select count(*) from ${apiKeys} where ${mine.keys})`.mapWith(Number),
        })
        .from(users)
        .where(and(isNull(users.erasedAt), after === undefined ? undefined : gt(users.email, after)))
        .orderBy(asc(users.email))
        .limit(limit + 1)
      const people = rows.slice(0, limit).map((row) => ({ ...row, lastSeenAt: row.lastSeenAt === null ? null : Number(row.lastSeenAt) }))
      return { people, nextAfter: rows.length > limit ? (people.at(-1)?.email ?? null) : null }
    },

    /** By the address, however it is written. @throws AppError `not_found` */
    async find(email: string): Promise<UserId> {
      const [user] = await db.select({ id: users.id }).from(users).where(eq(users.email, email))
      if (!user) throw noAccount()
      return user.id
    },

    disable,
    revokeKeys,

    /** Sign-ins and keys work again; keys are those of before. Again changes nothing. @throws AppError `not_found` */
    async enable(userId: UserId): Promise<void> {
      await known(db, userId)
      await db.update(users).set({ disabledAt: null }).where(eq(users.id, userId))
      log.info({ accountId: userId }, 'an account was enabled')
    },

    /** `path` on whatever address the server has. What follows the `#` is the secret: shown once, sent to no server by a browser. */
    async resetPassword(userId: UserId): Promise<{ path: string; expiresAt: number }> {
      await known(db, userId)
      const { token, expiresAt } = await auth.makeReset(userId)
      log.info({ accountId: userId }, 'a link to choose a password was made')
      return { path: `/reset#${token}`, expiresAt }
    },

    erase: createErase(deps, { disable, revokeKeys, keepAnAdmin }) satisfies (userId: UserId, how: Erasure) => Promise<void>,
  }
}

export type People = ReturnType<typeof createPeople>

/** An account that was erased is none. @throws AppError `not_found` */
async function known(on: Db, userId: UserId): Promise<{ admin: boolean; name: string }> {
  const [user] = await on
    .select({ admin: users.admin, name: users.name })
    .from(users)
    .where(and(eq(users.id, userId), isNull(users.erasedAt)))
  if (!user) throw noAccount()
  return user
}

/**
 * For who is about to be kept out, in the transaction that does it. Two admins who end each other at once are not both gone.
 * @throws AppError `conflict` for the last admin, `not_found`
 */
async function keepAnAdmin(tx: Db, leaving: UserId): Promise<{ name: string }> {
  await tx.execute(sql`select pg_advisory_xact_lock(${advisoryLocks.people})`)
  const user = await known(tx, leaving)
  if (!user.admin) return user
  const others = await tx.$count(users, and(eq(users.admin, true), isNull(users.disabledAt), ne(users.id, leaving)))
  if (others === 0) throw new AppError('conflict', 'This is the last admin of the workspace, who stays.')
  return user
}
