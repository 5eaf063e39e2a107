import { and, asc, desc, eq, gt, lt, lte, sql } from 'drizzle-orm'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Database, Db } from '../db/port.ts'
import { Deposed, holding } from '../rooms/service.ts'
import type { Lease } from '../rooms/port.ts'
import type { LogRow } from './segment.ts'
import { documentHistory, documentSnapshots, documentUpdates } from './table.ts'

/**
 * Appends rows, all or none. Sending the same rows again is harmless, so a write whose answer got lost may be repeated.
 * @throws Deposed
 */
export async function appendRows(database: Database, lease: Lease, document: string, rows: readonly LogRow[]): Promise<void> {
  const values = rows.map((row) => sql`(${row.seq}::bigint, ${row.at}::bigint, ${Buffer.from(row.data)}::bytea)`)
  const [answer] = await database.rows<{ held: number }>(sql`
    with ${holding(lease)}, written as (
      insert into document_updates (document, seq, at, project_id, data)
      select ${document}, v.seq, v.at, lease.project_id, v.data from lease, (values ${sql.join(values, sql`, `)}) as v (seq, at, data)
      on conflict do nothing returning 1)
    select count(*)::int as held, (select count(*) from written)::int as written from lease`)
  if (!answer?.held) throw new Deposed()
}

/** Inserts one part of a snapshot. @throws Deposed */
export async function insertSnapshotPart(
  database: Database,
  lease: Lease,
  row: { document: string; seq: number; part: number; parts: number; at: number; data: Uint8Array },
): Promise<void> {
  const [answer] = await database.rows<{ held: number }>(sql`
    with ${holding(lease)}, written as (
      insert into document_snapshots (document, seq, part, parts, at, project_id, data)
      select ${row.document}, ${row.seq}::bigint, ${row.part}::int, ${row.parts}::int, ${row.at}::bigint, lease.project_id, ${Buffer.from(row.data)}::bytea from lease
      returning 1)
    select count(*)::int as held, (select count(*) from written)::int as written from lease`)
  if (!answer?.held) throw new Deposed()
}

/** Seq and parts of the newest snapshot that is whole. */
export async function newestSnapshot(db: Db, document: string): Promise<{ seq: number; parts: number } | undefined> {
  const rows = await db
    .select({ seq: documentSnapshots.seq, parts: documentSnapshots.parts, found: sql<number>`count(*)::int` })
    .from(documentSnapshots)
    .where(eq(documentSnapshots.document, document))
    .groupBy(documentSnapshots.seq, documentSnapshots.parts)
    .orderBy(desc(documentSnapshots.seq))
  const whole = rows.find((row) => row.found === row.parts)
  return whole && { seq: whole.seq, parts: whole.parts }
}

/** Its bytes, read a row at a time so that a large one does not hold up the event loop. */
export async function readSnapshot(db: Db, document: string, seq: number, parts: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for (let part = 0; part < parts; part++) {
    const [row] = await db
      .select({ data: documentSnapshots.data })
      .from(documentSnapshots)
      .where(and(eq(documentSnapshots.document, document), eq(documentSnapshots.seq, seq), eq(documentSnapshots.part, part)))
    if (!row) throw new Error('a part of a snapshot is missing')
    chunks.push(row.data)
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
}

/** Rows with `from < seq <= to`, in order, at most `limit` of them. */
export function readRows(db: Db, document: string, from: number, to: number, limit: number): Promise<LogRow[]> {
  return db
    .select({ seq: documentUpdates.seq, at: documentUpdates.at, data: documentUpdates.data })
    .from(documentUpdates)
    .where(and(eq(documentUpdates.document, document), gt(documentUpdates.seq, from), lte(documentUpdates.seq, to)))
    .orderBy(asc(documentUpdates.seq))
    .limit(limit)
}

/** Deletes snapshots older than `seq`, and what is left of ones at `seq` or later that never became whole. */
export async function dropSnapshots(db: Db, document: string, keep: number): Promise<void> {
  await db.delete(documentSnapshots).where(and(eq(documentSnapshots.document, document), lt(documentSnapshots.seq, keep)))
}

export async function dropUnfinishedSnapshot(db: Db, document: string, seq: number): Promise<void> {
  await db.delete(documentSnapshots).where(and(eq(documentSnapshots.document, document), eq(documentSnapshots.seq, seq)))
}

/** Deletes everything that is kept of one document, or of every document of a project. */
export async function deleteLog(db: Db, what: { document: string } | { projectId: ProjectId }): Promise<void> {
  for (const table of [documentUpdates, documentSnapshots, documentHistory]) {
    await db.delete(table).where('document' in what ? eq(table.document, what.document) : eq(table.projectId, what.projectId))
  }
}
