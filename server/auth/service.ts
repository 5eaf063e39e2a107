import { eq, sql } from 'drizzle-orm'
import type { Me, PasswordChange, Setup, SignIn, SignInPlace, SignUp } from '#shared/auth/schema.ts'
import { AppError } from '#shared/base/errors.ts'
import type { UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Clock } from '../base/clock.ts'
import type { Config } from '../config.ts'
import { uniqueViolation } from '../db/errors.ts'
import { advisoryLocks } from '../db/advisory-locks.ts'
import type { Database, Db } from '../db/port.ts'
import type { ClientInfo } from '../http/client-info.ts'
import { readSessionCookie } from './cookie.ts'
import { createKeys } from './keys.ts'
import { createLimits } from './limits.ts'
import { comesFromOurPages } from './origin.ts'
import { hashPassword, verifyPassword } from './password.ts'
import type { Principal } from './principal.ts'
import { createResets } from './resets.ts'
import { createCookieSessions } from './sessions.ts'
import { createSetupCode } from './setup-code.ts'
import { users } from './table.ts'

export type SignedIn = { user: Me; /** For the cookie. */ token: string }
export type Visitor = Pick<ClientInfo, 'address' | 'local'> & { userAgent: string }

/** A request that may carry a cookie, and whether the browser speaks https. */
type Asked = { headers: Headers; secure: boolean }

/** Takes an invite inside the transaction that makes the account. */
export type Redeem = {
  /** @throws AppError when the invite cannot be used. */
  check: (tx: Db) => Promise<void>
  /** What it returns is called after the commit. */
  take: (tx: Db, userId: UserId) => Promise<() => void>
}

type Deps = { database: Database; clock: Clock; config: Pick<Config, 'signUp' | 'secret'> }

const shown = { id: users.id, name: users.name, email: users.email, admin: users.admin, createdAt: users.createdAt }

export function createAuth({ database, clock, config }: Deps) {
  const { db } = database
  const sessions = createCookieSessions({ database, clock })
  const keys = createKeys({ database, clock })
  const limits = createLimits(database.kind === 'postgres' ? database.db : undefined)
  const setupCode = createSetupCode(config.secret)
  const isEmpty = async (on: Db = db) => (await on.$count(users)) === 0
  const endListeners: ((credentialId: string) => void)[] = []
  const renameListeners: ((userId: UserId) => void)[] = []
  const renamed = (userId: UserId) => renameListeners.forEach((listener) => listener(userId))
  const ended = (credentialId: string) => endListeners.forEach((listener) => listener(credentialId))
  const resets = createResets({ database, clock, limits, sessions, ended })

  /** Compared against when nobody has the address, so that the answer takes as long. */
  const nobody = hashPassword('nobody signs in with this')

  /** @throws AppError `forbidden` for a missing or wrong code, `rate_limited` */
  async function checkSetup(given: string | undefined, { address, local }: Visitor): Promise<true> {
    if (local) return true
    if (given === undefined) throw new AppError('forbidden', 'The first account needs the setup code. The server printed it when it started.')
    await limits.setupCode(address)
    if (!setupCode.matches(given)) {
      throw new AppError('forbidden', 'This setup code is wrong. The server printed the right one when it last started.')
    }
    return true
  }

  /** @throws AppError `forbidden` without an invite where one is needed, and what `redeem` throws */
  async function mayJoin(on: Db, first: boolean, redeem: Redeem | undefined): Promise<void> {
    if (!first && !redeem && config.signUp === 'invite') {
      throw new AppError('forbidden', 'You need an invite to sign up. Ask a member of the workspace for a link.')
    }
    await redeem?.check(on)
  }

  async function insertUser(tx: Db, user: Me & { passwordHash: string }): Promise<void> {
    try {
      // In a savepoint: the transaction stays usable, and the error tells which rule was broken.
      await tx.transaction(async (inner) => {
        await inner.insert(users).values(user)
      })
    } catch (error) {
      if (uniqueViolation(error) === 'users_email_unique') throw new EmailTaken()
      throw error
    }
  }

  return {
    limits,
    /** Tells the listeners that these let nobody in any more, after somebody else than their owner has ended them. */
    credentialsEnded: (ids: readonly string[]): void => ids.forEach(ended),

    /** Who makes the request, by key or cookie. A key that is sent and not valid is nobody, whatever the cookie says. */
    async authenticate({ headers, secure }: Asked): Promise<Principal | undefined> {
      const authorization = headers.get('authorization')
      if (authorization !== null) {
        const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
        return key === undefined ? undefined : keys.validate(key)
      }
      const token = readSessionCookie(headers.get('cookie'), secure)
      return token === undefined ? undefined : sessions.validate(token)
    },

    /** A key that came another way: in a socket's address or its first message. */
    authenticateToken: (token: string): Promise<Principal | undefined> => keys.validate(token),

    originAllowed: ({ headers, secure }: Asked): boolean => comesFromOurPages(headers, secure),

    /** A cookie session or a key ended in this process; named as in Principal. */
    onCredentialEnded(listener: (credentialId: string) => void): void {
      endListeners.push(listener)
    },

    async setup({ local }: Pick<ClientInfo, 'local'>): Promise<Setup> {
      const firstAccount = await isEmpty()
      return { firstAccount, signUp: config.signUp, ...(firstAccount && !local && { setupCode: true }) }
    },
    /** For the console, while there is no account. */
    setupCode: async (): Promise<string | undefined> => ((await isEmpty()) ? setupCode.code : undefined),

    /**
     * The first account is the workspace's admin; whoever is not at the machine itself needs the setup code for it. Later ones
     * need an invite unless sign-up is open. Whoever may not is told before anything is hashed for them. That an address has
     * an account is told (409) only to who might make one, a few times an hour: without mail there is no other way to
     * tell its owner.
     * @throws AppError `forbidden` without the code or an invite, `conflict` for a taken address, `rate_limited`, and what `redeem` throws.
     */
    async signUp({ name, email, password, setupCode }: Omit<SignUp, 'invite'>, redeem: Redeem | undefined, visitor: Visitor): Promise<SignedIn> {
      const { address, userAgent } = visitor
      await limits.signUp(address)
      const mayBeFirst = (await isEmpty()) && (await checkSetup(setupCode, visitor))
      await mayJoin(db, mayBeFirst, redeem)
      const passwordHash = await hashPassword(password)
      const id = newId<UserId>('usr')
      let joined: (() => void) | undefined
      let user: Me | undefined
      try {
        await database.transaction(async (tx) => {
          await tx.execute(sql`select pg_advisory_xact_lock(${advisoryLocks.signUp})`)
          const admin = mayBeFirst && (await isEmpty(tx))
          // Before the address is looked at: who holds no invite learns nothing about it.
          await mayJoin(tx, admin, redeem)
          user = { id, name, email, admin, createdAt: clock.now() }
          await insertUser(tx, { ...user, passwordHash })
          joined = await redeem?.take(tx, id)
        })
      } catch (error) {
        if (!(error instanceof EmailTaken)) throw error
        await limits.revealing(address)
        throw new AppError('conflict', 'This email address cannot be used. If it is yours, sign in.')
      }
      joined?.()
      return { user: user as unknown as Me, token: await sessions.create(id, userAgent) }
    },

    /** @throws AppError `wrong_credentials` alike for an unknown address and a wrong password, `rate_limited`. */
    async signIn({ email, password }: SignIn, { address, userAgent }: Visitor): Promise<SignedIn> {
      const found = await limits.signIn(email, address, async () => {
        const [row] = await db
          .select({ ...shown, passwordHash: users.passwordHash, disabledAt: users.disabledAt })
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

    /** Ends the session of the cookie, if there is one. */
    async signOut({ headers, secure }: Asked): Promise<void> {
      const token = readSessionCookie(headers.get('cookie'), secure)
      if (token !== undefined) ended(await sessions.revoke(token))
    },

    async me(userId: UserId): Promise<Me> {
      const [user] = await db.select(shown).from(users).where(eq(users.id, userId))
      if (!user) throw new AppError('unauthenticated', 'This account no longer exists.')
      return user
    },

    /**
     * Sessions that show the name are told by the listeners of `onRenamed`.
     * @throws AppError `unauthenticated` when the account is gone.
     */
    async rename(userId: UserId, name: string): Promise<Me> {
      const [user] = await db.update(users).set({ name }).where(eq(users.id, userId)).returning(shown)
      if (!user) throw new AppError('unauthenticated', 'This account no longer exists.')
      renamed(userId)
      return user
    },
    /** Tells the listeners of `onRenamed`. */
    renamed,
    /** Somebody has another name now. */
    onRenamed(listener: (userId: UserId) => void): void {
      renameListeners.push(listener)
    },

    /**
     * Every other cookie session of the person ends with the old password.
     * @throws AppError `wrong_credentials` when `current` is wrong, `rate_limited` after too many of those.
     */
    async changePassword(
      { userId, credentialId }: Principal,
      { current, next }: PasswordChange,
      { address }: Pick<Visitor, 'address'>,
    ): Promise<void> {
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
    async listSignIns({ userId, credentialId }: Principal): Promise<SignInPlace[]> {
      return (await sessions.list(userId)).map((place) => ({ ...place, current: place.id === credentialId }))
    },
    /** @throws AppError `not_found` when the person has no such session. */
    async endSignIn(userId: UserId, id: string): Promise<void> {
      if (!(await sessions.end(userId, id))) throw new AppError('not_found', 'You are no longer signed in there.')
      ended(id)
    },
    async endOtherSignIns({ userId, credentialId }: Principal): Promise<void> {
      for (const id of await sessions.endOthers(userId, credentialId)) ended(id)
    },

    makeReset: resets.makeReset,
    choosePassword: resets.choosePassword,

    listKeys: keys.list,
    createKey: keys.create,
    async removeKey(...args: Parameters<typeof keys.remove>): Promise<void> {
      await keys.remove(...args)
      ended(args[1])
    },

    async removeExpired(): Promise<void> {
      await sessions.removeExpired()
      await resets.removeOldResets()
    },
  }
}

export type Auth = ReturnType<typeof createAuth>
export type { Limits } from './limits.ts'

class EmailTaken extends Error {}
