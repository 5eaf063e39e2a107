import { eq, lt } from 'drizzle-orm'
import { Lucia } from 'lucia'
import type { Adapter } from 'lucia'
import type { UserId as AccountId } from '#shared/base/ids.ts'
import type { Clock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import type { Principal } from './principal.ts'
import { randomToken, sha256 } from '../base/secrets.ts'
import { authSessions, users } from './table.ts'

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<NoAttributes, UserAttributes>
    UserId: AccountId
    DatabaseUserAttributes: UserAttributes
    DatabaseSessionAttributes: SessionAttributes
  }
}
type NoAttributes = Record<string, never>
type UserAttributes = { name: string; admin: boolean }
type SessionAttributes = { userAgent: string }

/** The one seam to whatever keeps cookie sessions. Tokens are secrets; ids are their hashes. */
export type CookieSessions = {
  /** Hands back the token for the cookie. */
  create(userId: AccountId, userAgent: string): Promise<string>
  /** Prolongs a session that is past half of its life. */
  validate(token: string): Promise<Principal | undefined>
  /** Hands back the id of the session that ended. */
  revoke(token: string): Promise<string>
  removeExpired(): Promise<void>
}

export function createCookieSessions({ database, clock }: { database: Database; clock: Clock }): CookieSessions {
  const lucia = new Lucia(hashingAdapter(database, clock), { getUserAttributes: ({ name, admin }) => ({ name, admin }) })
  return {
    async create(userId, userAgent) {
      const token = randomToken()
      await lucia.createSession(userId, { userAgent: userAgent.slice(0, 300) }, { sessionId: token })
      return token
    },
    async validate(token) {
      if (token.length > 100) return undefined
      const { user } = await lucia.validateSession(token)
      return user ? { userId: user.id, name: user.name, admin: user.admin, by: 'cookie', credentialId: sha256(token) } : undefined
    },
    async revoke(token) {
      await lucia.invalidateSession(token)
      return sha256(token)
    },
    removeExpired: () => lucia.deleteExpiredSessions(),
  }
}

/** Lucia's storage, with the hash of every id in place of the id: a copy of the table lets nobody in. */
function hashingAdapter({ db }: Database, clock: Clock): Adapter {
  return {
    async getSessionAndUser(id) {
      const [row] = await db
        .select({ session: authSessions, name: users.name, admin: users.admin })
        .from(authSessions)
        .innerJoin(users, eq(users.id, authSessions.userId))
        .where(eq(authSessions.id, sha256(id)))
      if (!row) return [null, null]
      const { userId, expiresAt, userAgent } = row.session
      return [
        { id, userId, expiresAt: new Date(expiresAt), attributes: { userAgent } },
        { id: userId, attributes: { name: row.name, admin: row.admin } },
      ]
    },
    // Nothing here lists sessions by their ids, which only the cookie holds.
    getUserSessions: async () => [],
    async setSession({ id, userId, expiresAt, attributes }) {
      await db
        .insert(authSessions)
        .values({ id: sha256(id), userId, createdAt: clock.now(), expiresAt: expiresAt.getTime(), userAgent: attributes.userAgent })
    },
    async updateSessionExpiration(id, expiresAt) {
      await db
        .update(authSessions)
        .set({ expiresAt: expiresAt.getTime() })
        .where(eq(authSessions.id, sha256(id)))
    },
    async deleteSession(id) {
      await db.delete(authSessions).where(eq(authSessions.id, sha256(id)))
    },
    async deleteUserSessions(userId) {
      await db.delete(authSessions).where(eq(authSessions.userId, userId))
    },
    async deleteExpiredSessions() {
      await db.delete(authSessions).where(lt(authSessions.expiresAt, clock.now()))
    },
  }
}
