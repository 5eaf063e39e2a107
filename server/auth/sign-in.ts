import { eq } from 'drizzle-orm'
import type { Me, PasswordChange, SignIn, SignInPlace } from '#shared/auth/schema.ts'
import { AppError } from '#shared/base/errors.ts'
import type { UserId } from '#shared/base/ids.ts'
import type { Database } from '../db/port.ts'
import type { ClientInfo } from '../http/client-info.ts'
import type { Limits } from './limits.ts'
import { hashPassword, verifyPassword } from './password.ts'
import type { Person } from './principal.ts'
import type { CookieSessions } from './sessions.ts'
import { shownAccount, users } from './table.ts'

export type SignedIn = { user: Me; /** For the cookie. */ token: string }
export type Visitor = Pick<ClientInfo, 'address' | 'local'> & { userAgent: string }

type Deps = {
  database: Database
  limits: Pick<Limits, 'signIn'>
  sessions: CookieSessions
  /** Tells that a sign-in has ended. */
  ended: (credentialId: string) => void
}

/** Who comes in with a password, where they are signed in, and how that ends. */
export function createSignIn({ database, limits, sessions, ended }: Deps) {
  const { db } = database
  /** Compared against when nobody has the address, so that the answer takes as long. */
  const nobody = hashPassword('nobody signs in with this')

  return {
    /** @throws AppError `wrong_credentials` alike for an unknown address and a wrong password, `rate_limited`. */
    async signIn({ email, password }: SignIn, { address, userAgent }: Visitor): Promise<SignedIn> {
      const found = await limits.signIn(email, address, async () => {
        const [row] = await db
          .select({ ...shownAccount, passwordHash: users.passwordHash, disabledAt: users.disabledAt })
          .from(users)
          .where(eq(users.email, email))
        const matches = await verifyPassword(row?.passwordHash ?? (await nobody), password)
        return matches ? row : undefined
      })
      if (!found) throw new AppError('wrong_credentials', 'Wrong email or password. Try again.')
      const { passwordHash: _, disabledAt, ...user } = found
      // Only to who knows the password.
      if (disabledAt !== null) throw new AppError('forbidden', 'This account is disabled. Ask whoever manages the workspace.')
      return { user, token: await sessions.create(user.id, userAgent) }
    },

    /**
     * Every other cookie session of the person ends with the old password.
     * @throws AppError `wrong_credentials` when `current` is wrong, `rate_limited` after too many of those.
     */
    async changePassword({ userId, credentialId }: Person, { current, next }: PasswordChange, { address }: Pick<Visitor, 'address'>): Promise<void> {
      const [row] = await db.select({ email: users.email, passwordHash: users.passwordHash }).from(users).where(eq(users.id, userId))
      if (!row) throw new AppError('unauthenticated', 'This account no longer exists.')
      const matches = await limits.signIn(row.email, address, async () => (await verifyPassword(row.passwordHash, current)) || undefined)
      if (!matches) throw new AppError('wrong_credentials', 'The current password is wrong.')
      const passwordHash = await hashPassword(next)
      const others = await database.transaction(async (tx) => {
        await tx.update(users).set({ passwordHash }).where(eq(users.id, userId))
        return sessions.endOthers(userId, credentialId, tx)
      })
      others.forEach(ended)
    },

    /** Where a person is signed in, last seen first. */
    async listSignIns({ userId, credentialId }: Person): Promise<SignInPlace[]> {
      return (await sessions.list(userId)).map((place) => ({ ...place, current: place.id === credentialId }))
    },
    /** @throws AppError `not_found` when the person has no such session. */
    async endSignIn(userId: UserId, id: string): Promise<void> {
      if (!(await sessions.end(userId, id))) throw new AppError('not_found', 'You are no longer signed in there.')
      ended(id)
    },
    async endOtherSignIns({ userId, credentialId }: Person): Promise<void> {
      for (const id of await sessions.endOthers(userId, credentialId)) ended(id)
    },
  }
}
