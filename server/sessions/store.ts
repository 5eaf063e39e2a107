import { and, asc, desc, eq, gt, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm'
import type { ItemId, ProjectId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import type { Db } from '../db/port.ts'
import { shownRun } from '../runs/queries.ts'
import { presentItem } from '../tools/present.ts'
import { clean } from './clean.ts'
import { items, sessionPins, sessions } from './table.ts'

export type SessionRow = typeof sessions.$inferSelect

type WithoutSeq<T> = T extends unknown ? Omit<T, 'seq'> : never
/** An item before it has its place. */
export type NewItem = WithoutSeq<Item>

/**
 * Reads a session and holds its row until the transaction ends. Whatever changes items, queue or runs of a session takes
 * this lock first, so such changes happen one after the other, on every process.
 */
export async function lockSession(tx: Db, id: SessionId): Promise<SessionRow | undefined> {
  const [row] = await tx.select().from(sessions).where(eq(sessions.id, id)).for('update')
  return row
}

/** Stores finished items at the end of the session and gives them their seq, without gaps. */
export async function appendItems(tx: Db, sessionId: SessionId, added: readonly NewItem[], now: number): Promise<Item[]> {
  if (added.length === 0) return []
  const [row] = await tx
    .update(sessions)
    .set({ lastSeq: sql`${sessions.lastSeq} + ${added.length}`, updatedAt: now })
    .where(eq(sessions.id, sessionId))
    .returning({ lastSeq: sessions.lastSeq })
  if (!row) throw new Error(`session ${sessionId} is gone`)
  const first = row.lastSeq - added.length + 1
  const stored = added.map((item, index) => clean({ ...item, seq: first + index }) as Item)
  await tx.insert(items).values(stored.map((item) => ({ sessionId, seq: item.seq, id: item.id, runId: item.runId ?? null, data: item })))
  return stored
}

/** Replaces a stored item's JSON: an approval or a question that changed. */
export async function replaceItem(tx: Db, item: Item): Promise<void> {
  await tx
    .update(items)
    .set({ data: clean(item) })
    .where(eq(items.id, item.id))
}

export async function findItem(db: Db, id: ItemId) {
  const [row] = await db.select().from(items).where(eq(items.id, id))
  return row
}

/** Newest first. `before` is a seq. */
export async function pageItems(db: Db, sessionId: SessionId, limit: number, before?: number): Promise<Item[]> {
  const rows = await db
    .select({ data: items.data })
    .from(items)
    .where(and(eq(items.sessionId, sessionId), before === undefined ? undefined : lt(items.seq, before)))
    .orderBy(desc(items.seq))
    .limit(limit)
  return rows.map((row) => presentItem(row.data))
}

/** The seq of an item of this session; undefined when it has none such. */
export async function seqOfItem(db: Db, sessionId: SessionId, id: ItemId): Promise<number | undefined> {
  const [row] = await db
    .select({ seq: items.seq })
    .from(items)
    .where(and(eq(items.sessionId, sessionId), eq(items.id, id)))
  return row?.seq
}

/** Oldest first, `after < seq <= upTo`. */
export async function itemsBetween(db: Db, sessionId: SessionId, after: number, upTo: number, limit: number): Promise<Item[]> {
  const rows = await db
    .select({ data: items.data })
    .from(items)
    .where(and(eq(items.sessionId, sessionId), gt(items.seq, after), lte(items.seq, upTo)))
    .orderBy(asc(items.seq))
    .limit(limit)
  return rows.map((row) => presentItem(row.data))
}

const summaryFields = {
  id: sessions.id,
  projectId: sessions.projectId,
  title: sessions.title,
  createdBy: sessions.createdBy,
  createdAt: sessions.createdAt,
  updatedAt: sessions.updatedAt,
  archivedAt: sessions.archivedAt,
  ...shownRun.fields,
}

const summaries = (db: Db) => db.select(summaryFields).from(sessions).leftJoin(shownRun.table, shownRun.of(sessions.id, sessions.runId))

type SummaryRow = Awaited<ReturnType<typeof summaries>>[number]

function toSummary({ runId, agentId, status, ...session }: SummaryRow): SessionSummary {
  return { ...session, run: runId && agentId && status ? { id: runId, agentId, status } : null }
}

export async function readSummary(db: Db, id: SessionId): Promise<SessionSummary | undefined> {
  const [row] = await summaries(db).where(eq(sessions.id, id))
  return row && toSummary(row)
}

/**
 * Those in the list, or those put away, the most recently changed first. `before` is an `updatedAt`; a page holds all of its
 * last moment, so it may be a little longer.
 */
export async function listSummaries(
  db: Db,
  projectId: ProjectId,
  limit: number,
  { before, archived = false }: { before?: number | undefined; archived?: boolean } = {},
): Promise<SessionSummary[]> {
  const those = and(eq(sessions.projectId, projectId), archived ? isNotNull(sessions.archivedAt) : isNull(sessions.archivedAt))
  const rows = await summaries(db)
    .where(and(those, before === undefined ? undefined : lt(sessions.updatedAt, before)))
    .orderBy(desc(sessions.updatedAt), desc(sessions.id))
    .limit(limit)
  const last = rows.length === limit ? rows.at(-1) : undefined
  if (last) {
    const known = new Set(rows.map((row) => row.id))
    const same = await summaries(db)
      .where(and(those, eq(sessions.updatedAt, last.updatedAt)))
      .orderBy(desc(sessions.id))
    rows.push(...same.filter((row) => !known.has(row.id)))
  }
  return rows.map(toSummary)
}

/** What a person pinned in a project and is not put away, the first pinned first. */
export async function listPinned(db: Db, projectId: ProjectId, userId: UserId, limit: number): Promise<SessionSummary[]> {
  const rows = await summaries(db)
    .innerJoin(sessionPins, and(eq(sessionPins.sessionId, sessions.id), eq(sessionPins.userId, userId)))
    .where(and(eq(sessions.projectId, projectId), isNull(sessions.archivedAt)))
    .orderBy(asc(sessionPins.createdAt), asc(sessions.id))
    .limit(limit)
  return rows.map(toSummary)
}

export async function updateSession(
  tx: Db,
  id: SessionId,
  patch: { title?: string; runId?: RunId; updatedAt?: number; archivedAt?: number | null },
): Promise<void> {
  await tx.update(sessions).set(patch).where(eq(sessions.id, id))
}
