import { and, desc, eq, isNull, lt, or } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ApiKeyId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { ApiKey } from '#shared/auth/schema.ts'
import type { KeyScope } from '#shared/auth/scopes.ts'
import type { Clock } from '../base/clock.ts'
import type { Database, Db } from '../db/port.ts'
import type { Person } from './principal.ts'
import { randomToken, sha256 } from '../base/secrets.ts'
import { apiKeys, mayEnter, users } from './table.ts'

const maxKeys = 50
/** `lastUsedAt` is for people who tidy up: a minute is exact enough and spares a write for every request. */
const usedEveryMs = 60_000

const shown = { id: apiKeys.id, name: apiKeys.name, createdAt: apiKeys.createdAt, lastUsedAt: apiKeys.lastUsedAt, scopes: apiKeys.scopes }

/** Keys of scripts: `sk_` and 256 random bits, of which the hash is stored. */
export function createKeys({ database: { db }, clock }: { database: Database; clock: Clock }) {
  return {
    list: (userId: UserId): Promise<ApiKey[]> => db.select(shown).from(apiKeys).where(eq(apiKeys.userId, userId)).orderBy(desc(apiKeys.createdAt)),

    /** @throws AppError `conflict` beyond 50 keys. */
    async create(userId: UserId, { name, scopes }: { name: string; scopes: KeyScope[] }): Promise<ApiKey & { secret: string }> {
      if ((await db.$count(apiKeys, eq(apiKeys.userId, userId))) >= maxKeys) {
        throw new AppError('conflict', `You already have ${maxKeys} keys. Revoke one you no longer use.`)
      }
      const secret = `sk_${randomToken()}`
      const key = { id: newId<ApiKeyId>('key'), name, createdAt: clock.now(), lastUsedAt: null, scopes }
      await db.insert(apiKeys).values({ ...key, userId, hash: sha256(secret) })
      return { ...key, secret }
    },

    /** @throws AppError `not_found` when the person has no such key. */
    async remove(userId: UserId, id: ApiKeyId, on: Db = db): Promise<void> {
      const removed = await on
        .delete(apiKeys)
        .where(and(eq(apiKeys.id, id), eq(apiKeys.userId, userId)))
        .returning({ id: apiKeys.id })
      if (removed.length === 0) throw new AppError('not_found', 'You do not have this key.')
    },

    async validate(secret: string): Promise<Person | undefined> {
      if (!/^sk_[\w-]{20,100}$/.test(secret)) return undefined
      const [row] = await db
        .select({ key: shown, userId: users.id, name: users.name, admin: users.admin })
        .from(apiKeys)
        .innerJoin(users, eq(users.id, apiKeys.userId))
        .where(and(eq(apiKeys.hash, sha256(secret)), mayEnter))
      if (!row) return undefined
      const now = clock.now()
      if ((row.key.lastUsedAt ?? 0) < now - usedEveryMs) {
        const stale = or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, now - usedEveryMs))
        await db
          .update(apiKeys)
          .set({ lastUsedAt: now })
          .where(and(eq(apiKeys.id, row.key.id), stale))
      }
      const { id, name, scopes } = row.key
      return { kind: 'person', userId: row.userId, name: row.name, admin: row.admin, by: 'key', credentialId: id, key: { name, scopes } }
    },
  }
}
