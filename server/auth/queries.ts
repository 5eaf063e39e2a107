import { and, asc, eq, getTableName, gt, inArray, isNull, max, ne, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { UserId } from '#shared/base/ids.ts'
import type { Account } from '#shared/people/schema.ts'
import type { Db } from '../db/port.ts'
import { apiKeys, authSessions, passwordResets, users } from './table.ts'

/** A column by its table's name, also within a subquery. */
const outer = (column: PgColumn) => sql`${sql.identifier(getTableName(column.table))}.${sql.identifier(column.name)}`

/** Within a query: the name of the person that a column refers to; null where it refers to nobody. */
export const nameOf = (userId: PgColumn): SQL<string> => sql<string>`(select person.name from ${users} person where person.id = ${outer(userId)})`

/** Within a query: the address of the person that a column refers to. */
export const emailOf = (userId: PgColumn): SQL<string> => sql<string>`(select person.email from ${users} person where person.id = ${outer(userId)})`

export async function userName(db: Db, id: UserId): Promise<string | undefined> {
  return (await db.select({ name: users.name }).from(users).where(eq(users.id, id)))[0]?.name
}

/** Names by id; of whom there is none, none. */
export async function userNames(db: Db, ids: readonly UserId[]): Promise<Map<UserId, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(inArray(users.id, [...new Set(ids)]))
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** `active`: nobody whose account was disabled. */
export async function findUser(db: Db, who: { email: string } | { userId: UserId }, { active = false } = {}): Promise<UserId | undefined> {
  const [row] = await db
    .select({ id: users.id })
    .from(users)
    .where(and('email' in who ? eq(users.email, who.email) : eq(users.id, who.userId), active ? isNull(users.disabledAt) : undefined))
  return row?.id
}

/** An account; one that was erased is none. */
export async function findAccount(db: Db, userId: UserId): Promise<{ admin: boolean; name: string } | undefined> {
  const [user] = await db
    .select({ admin: users.admin, name: users.name })
    .from(users)
    .where(and(eq(users.id, userId), isNull(users.erasedAt)))
  return user
}

/**
 * Accounts in the order of their addresses, from after one on; those that were erased are in no list.
 * @param projectsOf how many projects the person of a column is in
 */
export async function listAccounts(
  db: Db,
  { after, limit }: { after: string | undefined; limit: number },
  projectsOf: (userId: PgColumn) => SQL<number>,
): Promise<Account[]> {
  const { id, name, email, admin, createdAt, disabledAt } = users
  const seen = max(sql`coalesce(${authSessions.lastSeenAt}, ${authSessions.createdAt})`)
  const rows = await db
    .select({
      id,
      name,
      email,
      admin,
      createdAt,
      disabledAt,
      lastSeenAt: sql<number | null>`(select ${seen} from ${authSessions} where ${eq(authSessions.userId, users.id)})`,
      projects: projectsOf(users.id),
      keys: sql<number>`(select count(*) from ${apiKeys} where ${eq(apiKeys.userId, users.id)})`.mapWith(Number),
    })
    .from(users)
    .where(and(isNull(users.erasedAt), after === undefined ? undefined : gt(users.email, after)))
    .orderBy(asc(users.email))
    .limit(limit)
  return rows.map((row) => ({ ...row, lastSeenAt: row.lastSeenAt === null ? null : Number(row.lastSeenAt) }))
}

/** Admins whose accounts are not disabled, besides one. */
export const countOtherAdmins = (db: Db, besides: UserId): Promise<number> =>
  db.$count(users, and(eq(users.admin, true), isNull(users.disabledAt), ne(users.id, besides)))

/** Nobody signs in to it any more, and who is signed in no longer is. Keys stay. @returns the ids of all credentials that ended, keys among them */
export async function disableAccount(tx: Db, userId: UserId, now: number): Promise<{ id: string }[]> {
  await tx
    .update(users)
    .set({ disabledAt: now })
    .where(and(eq(users.id, userId), isNull(users.disabledAt)))
  await tx.delete(passwordResets).where(eq(passwordResets.userId, userId))
  const signIns = await tx.delete(authSessions).where(eq(authSessions.userId, userId)).returning({ id: authSessions.id })
  return [...signIns, ...(await tx.select({ id: apiKeys.id }).from(apiKeys).where(eq(apiKeys.userId, userId)))]
}

export const enableAccount = (db: Db, userId: UserId) => db.update(users).set({ disabledAt: null }).where(eq(users.id, userId))

export const deleteKeys = (tx: Db, userId: UserId): Promise<{ id: string }[]> =>
  tx.delete(apiKeys).where(eq(apiKeys.userId, userId)).returning({ id: apiKeys.id })

/** Leaves an id that what people did together refers to. No address and no hash: nothing that anybody sends is equal to them. */
export async function emptyAccount(tx: Db, userId: UserId, name: string, now: number): Promise<void> {
  await tx.delete(passwordResets).where(eq(passwordResets.userId, userId))
  const nobody = { name, email: userId, passwordHash: '-', admin: false, disabledAt: now, erasedAt: now }
  await tx.update(users).set(nobody).where(eq(users.id, userId))
}
