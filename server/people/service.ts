import { sql } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { UserId } from '#shared/base/ids.ts'
import type { Account, AccountQuery, Erasure } from '#shared/people/schema.ts'
import { countOtherAdmins, deleteKeys, disableAccount, enableAccount, findAccount, findUser, listAccounts } from '../auth/queries.ts'
import type { Auth } from '../auth/service.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import { advisoryLocks } from '../db/advisory-locks.ts'
import type { Database, Db } from '../db/port.ts'
import type { Outbox } from '../events/port.ts'
import type { Projects } from '../projects/service.ts'
import { countProjectsOf } from '../projects/queries.ts'
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
      return storeEnded(tx, userId, await disableAccount(tx, userId, clock.now()))
    })
    auth.credentialsEnded(ended)
    log.info({ accountId: userId }, 'an account was disabled')
  }

  /** @throws AppError `not_found` */
  async function revokeKeys(userId: UserId): Promise<{ revoked: number }> {
    await known(db, userId)
    const ended = await database.transaction(async (tx) => storeEnded(tx, userId, await deleteKeys(tx, userId)))
    auth.credentialsEnded(ended)
    log.info({ accountId: userId, count: ended.length }, 'the keys of an account were revoked')
    return { revoked: ended.length }
  }

  return {
    /** In the order of their addresses; those that were erased are in no list. */
    async list({ after, limit }: AccountQuery): Promise<{ people: Account[]; nextAfter: string | null }> {
      const rows = await listAccounts(db, { after, limit: limit + 1 }, countProjectsOf)
      const people = rows.slice(0, limit)
      return { people, nextAfter: rows.length > limit ? (people.at(-1)?.email ?? null) : null }
    },

    /** By the address, however it is written. @throws AppError `not_found` */
    async find(email: string): Promise<UserId> {
      const userId = await findUser(db, { email })
      if (!userId) throw noAccount()
      return userId
    },

    disable,
    revokeKeys,

    /** Sign-ins and keys work again; keys are those of before. Again changes nothing. @throws AppError `not_found` */
    async enable(userId: UserId): Promise<void> {
      await known(db, userId)
      await enableAccount(db, userId)
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
  const user = await findAccount(on, userId)
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
  if ((await countOtherAdmins(tx, leaving)) === 0) throw new AppError('conflict', 'This is the last admin of the workspace, who stays.')
  return user
}
