import { and, desc, eq, gt, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import { Lucia } from 'lucia'
import type { Adapter } from 'lucia'
import type { UserId as AccountId } from '#shared/base/ids.ts'
import type { Clock } from '../base/clock.ts'
import type { Database, Db } from '../db/port.ts'
import type { Outbox } from '../events/port.ts'
import type { Person } from './principal.ts'
import { randomToken, sha256 } from '../base/secrets.ts'
import { authSessions, mayEnter, users } from './table.ts'

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<OfSession, UserAttributes>
    UserId: AccountId
    DatabaseUserAttributes: UserAttributes
    DatabaseSessionAttributes: SessionAttributes
  }
}
type OfSession = { lastSeenAt: number }
type UserAttributes = { name: string; admin: boolean }
type SessionAttributes = { userAgent: string; lastSeenAt: number }

/** The one seam to whatever keeps cookie sessions. Tokens are secrets; ids are their hashes. */
export type CookieSessions = {
  /** Hands back the token for the cookie. */
  create(userId: AccountId, userAgent: string): Promise<string>
  /** Prolongs a session that is past half of its life. */
  validate(token: string): Promise<Person | undefined>
  /** Hands back the id of the session that ended. */
  revoke(token: string): Promise<string>
  /** Of one person, last seen first. */
  list(userId: AccountId): Promise<{ id: string; userAgent: string; createdAt: number; lastSeenAt: number }[]>
  /** Ends one of a person's sessions by its id; false when there is none. */
  end(userId: AccountId, id: string): Promise<boolean>
  /** Ends every session of a person but one, if one is named. Hands back the ids of those that ended. @param on the transaction it is part of */
  endOthers(userId: AccountId, but: string | undefined, on?: Db): Promise<string[]>
  removeExpired(): Promise<void>
}

/** For people who look where they are signed in: a minute is exact enough and spares a write for every request. */
const seenEveryMs = 60_000

type Deps = { database: Database; outbox: Pick<Outbox, 'add'>; clock: Clock }

export function createCookieSessions({ database, outbox, clock }: Deps): CookieSessions {
  const { db } = database
  /** @returns the ids of those that ended */
  async function endWhere(which: SQL | undefined, on?: Db): Promise<string[]> {
    if (!on) return database.transaction((tx) => endWhere(which, tx))
    const ended = await on.delete(authSessions).where(which).returning({ id: authSessions.id, userId: authSessions.userId })
    for (const { id, userId } of ended) await outbox.add(on, { type: 'credential.ended', userId, credentialId: id })
    return ended.map(({ id }) => id)
  }
  const lucia = new Lucia(hashingAdapter(database, clock), {
    getUserAttributes: ({ name, admin }) => ({ name, admin }),
    getSessionAttributes: ({ lastSeenAt }) => ({ lastSeenAt }),
  })
  return {
    async create(userId, userAgent) {
      const token = randomToken()
      await lucia.createSession(userId, { userAgent: userAgent.slice(0, 300), lastSeenAt: clock.now() }, { sessionId: token })
      return token
    },
    async validate(token) {
      if (token.length > 100) return undefined
      const { user, session } = await lucia.validateSession(token)
      if (!user) return undefined
      const id = sha256(token)
      const now = clock.now()
      if (session.lastSeenAt < now - seenEveryMs) {
        const stale = or(isNull(authSessions.lastSeenAt), lt(authSessions.lastSeenAt, now - seenEveryMs))
        await db
          .update(authSessions)
          .set({ lastSeenAt: now })
          .where(and(eq(authSessions.id, id), stale))
      }
      return { kind: 'person', userId: user.id, name: user.name, admin: user.admin, by: 'cookie', credentialId: id }
    },
    async revoke(token) {
      const id = sha256(token)
      await endWhere(eq(authSessions.id, id))
      return id
    },
    list(userId) {
      const lastSeenAt = sql<number>`coalesce(${authSessions.lastSeenAt}, ${authSessions.createdAt})`.mapWith(Number)
      return db
        .select({ id: authSessions.id, userAgent: authSessions.userAgent, createdAt: authSessions.createdAt, lastSeenAt })
        .from(authSessions)
        .where(and(eq(authSessions.userId, userId), gt(authSessions.expiresAt, clock.now())))
        .orderBy(desc(lastSeenAt), desc(authSessions.createdAt))
        .limit(200)
    },
    async end(userId, id) {
      return (await endWhere(and(eq(authSessions.id, id), eq(authSessions.userId, userId)))).length > 0
    },
    endOthers: (userId, but, on) => endWhere(and(eq(authSessions.userId, userId), but === undefined ? undefined : ne(authSessions.id, but)), on),
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
        .where(and(eq(authSessions.id, sha256(id)), mayEnter))
      if (!row) return [null, null]
      const { userId, expiresAt, userAgent, lastSeenAt } = row.session
      return [
        { id, userId, expiresAt: new Date(expiresAt), attributes: { userAgent, lastSeenAt: lastSeenAt ?? 0 } },
        { id: userId, attributes: { name: row.name, admin: row.admin } },
      ]
    },
    // Nothing here lists sessions by their ids, which only the cookie holds.
    getUserSessions: async () => [],
    async setSession({ id, userId, expiresAt, attributes }) {
      await db.insert(authSessions).values({ id: sha256(id), userId, createdAt: clock.now(), expiresAt: expiresAt.getTime(), ...attributes })
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
