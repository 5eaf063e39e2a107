import { and, eq, gt, lt } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { UserId } from '#shared/base/ids.ts'
import type { Clock } from '../base/clock.ts'
import { randomToken, sha256 } from '../base/secrets.ts'
import type { Database } from '../db/port.ts'
import type { Limits } from './limits.ts'
import { hashPassword } from './password.ts'
import type { CookieSessions } from './sessions.ts'
import { mayEnter, passwordResets, users } from './table.ts'

type Deps = {
  database: Database
  clock: Clock
  limits: Pick<Limits, 'resetLink' | 'resetLinks'>
  sessions: Pick<CookieSessions, 'endOthers'>
  /** Tells that a sign-in has ended. */
  ended: (credentialId: string) => void
}

const validMs = 24 * 3_600_000

const unusable = () => new AppError('gone', 'This link is not valid any more. Ask whoever manages the workspace for a new one.')

/** Links with which people who forgot their password choose a new one. There is no mail here: an admin hands them over. */
export function createResets({ database, clock, limits, sessions, ended }: Deps) {
  const { db } = database
  return {
    /**
     * The token is in this answer and nowhere else. A link that was made before stops to work.
     * @throws AppError `rate_limited` after ten for one person within an hour, `not_found`, `conflict` while the account is disabled
     */
    async makeReset(userId: UserId): Promise<{ token: string; expiresAt: number }> {
      await limits.resetLinks(userId)
      const [user] = await db.select({ disabledAt: users.disabledAt }).from(users).where(eq(users.id, userId))
      if (!user) throw new AppError('not_found', 'There is no such account.')
      if (user.disabledAt !== null) throw new AppError('conflict', 'This account is disabled. Enable it first.')
      const token = randomToken()
      const made = { tokenHash: sha256(token), expiresAt: clock.now() + validMs }
      await db
        .insert(passwordResets)
        .values({ userId, ...made })
        .onConflictDoUpdate({ target: passwordResets.userId, set: made })
      return { token, expiresAt: made.expiresAt }
    },

    /**
     * Uses the link up. Every sign-in of the person ends; keys stay.
     * @throws AppError `gone` for a link that is unknown, used or too old, `rate_limited`
     */
    async choosePassword({ token, password }: { token: string; password: string }, { address }: { address: string }): Promise<void> {
      await limits.resetLink(address)
      const usable = and(eq(passwordResets.tokenHash, sha256(token)), gt(passwordResets.expiresAt, clock.now()))
      // Before anything is hashed for it.
      if ((await db.$count(passwordResets, usable)) === 0) throw unusable()
      const passwordHash = await hashPassword(password)
      const gone = await database.transaction(async (tx) => {
        // Of two who use it at once the second finds no row.
        const [used] = await tx.delete(passwordResets).where(usable).returning({ userId: passwordResets.userId })
        if (!used) throw unusable()
        const [changed] = await tx
          .update(users)
          .set({ passwordHash })
          .where(and(eq(users.id, used.userId), mayEnter))
          .returning({ id: users.id })
        if (!changed) throw unusable()
        return sessions.endOthers(used.userId, undefined, tx)
      })
      gone.forEach(ended)
    },

    removeOldResets: async (): Promise<void> => void (await db.delete(passwordResets).where(lt(passwordResets.expiresAt, clock.now()))),
  }
}
