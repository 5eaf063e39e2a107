import { eq } from 'drizzle-orm'
import type { Me } from '#shared/auth/schema.ts'
import { AppError } from '#shared/base/errors.ts'
import type { ApiKeyId, UserId } from '#shared/base/ids.ts'
import type { Clock } from '../base/clock.ts'
import type { Config } from '../config.ts'
import type { Database } from '../db/port.ts'
import type { Outbox } from '../events/port.ts'
import { readSessionCookie } from './cookie.ts'
import { createKeys } from './keys.ts'
import { createLimits } from './limits.ts'
import { comesFromOurPages } from './origin.ts'
import type { Principal } from './principal.ts'
import { createResets } from './resets.ts'
import { createCookieSessions } from './sessions.ts'
import { createSignIn } from './sign-in.ts'
import { createSignUp } from './sign-up.ts'
import { shownAccount, users } from './table.ts'

/** A request that may carry a cookie, and whether the browser speaks https. */
type Asked = { headers: Headers; secure: boolean }

type Deps = { database: Database; outbox: Pick<Outbox, 'add'>; clock: Clock; config: Pick<Config, 'signUp' | 'secret'> }

export function createAuth({ database, outbox, clock, config }: Deps) {
  const { db } = database
  const sessions = createCookieSessions({ database, outbox, clock })
  const keys = createKeys({ database, clock })
  const limits = createLimits(database.kind === 'postgres' ? database.db : undefined)
  const endListeners: ((credentialId: string) => void)[] = []
  const renameListeners: ((userId: UserId) => void)[] = []
  const renamed = (userId: UserId) => renameListeners.forEach((listener) => listener(userId))
  const ended = (credentialId: string) => endListeners.forEach((listener) => listener(credentialId))
  const resets = createResets({ database, clock, limits, sessions, ended })

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

    ...createSignUp({ database, clock, config, limits, sessions }),
    ...createSignIn({ database, limits, sessions, ended }),

    /** Ends the session of the cookie, if there is one. */
    async signOut({ headers, secure }: Asked): Promise<void> {
      const token = readSessionCookie(headers.get('cookie'), secure)
      if (token !== undefined) ended(await sessions.revoke(token))
    },

    async me(userId: UserId): Promise<Me> {
      const [user] = await db.select(shownAccount).from(users).where(eq(users.id, userId))
      if (!user) throw new AppError('unauthenticated', 'This account no longer exists.')
      return user
    },

    /**
     * Sessions that show the name are told by the listeners of `onRenamed`.
     * @throws AppError `unauthenticated` when the account is gone.
     */
    async rename(userId: UserId, name: string): Promise<Me> {
      const [user] = await db.update(users).set({ name }).where(eq(users.id, userId)).returning(shownAccount)
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

    makeReset: resets.makeReset,
    choosePassword: resets.choosePassword,

    listKeys: keys.list,
    createKey: keys.create,
    async removeKey(userId: UserId, id: ApiKeyId): Promise<void> {
      await database.transaction(async (tx) => {
        await keys.remove(userId, id, tx)
        await outbox.add(tx, { type: 'credential.ended', userId, credentialId: id })
      })
      ended(id)
    },

    async removeExpired(): Promise<void> {
      await sessions.removeExpired()
      await resets.removeOldResets()
    },
  }
}

export type Auth = ReturnType<typeof createAuth>
export type { Limits } from './limits.ts'
