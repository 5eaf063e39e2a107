import { and, asc, desc, eq, gt, gte, lte, sql } from 'drizzle-orm'
import type { Database, Db } from '../db/port.ts'
import { splitBytes } from './row-codec.ts'
import type { Lease } from '../rooms/port.ts'
import type { LogRow } from './segment.ts'
import { documentHistory } from './table.ts'

type HistoryKind = 'segment' | 'keyframe'
/** A segment, without its bytes. */
export type Segment = { fromSeq: number; toSeq: number; fromAt: number; toAt: number }
type Place = Pick<LogRow, 'seq' | 'at'>

/** Inside a transaction that holds the room: all parts of a segment or of a keyframe. The same again changes nothing. */
export async function insertHistory(
  tx: Db,
  lease: Lease,
  document: string,
  kind: HistoryKind,
  first: Place,
  final: Place,
  data: Uint8Array,
): Promise<void> {
  const parts = splitBytes(data)
  for (const [part, bytes] of parts.entries()) {
    await tx
      .insert(documentHistory)
      .values({
        document,
        kind,
        fromSeq: first.seq,
        toSeq: final.seq,
        part,
        parts: parts.length,
        fromAt: first.at,
        toAt: final.at,
        projectId: lease.projectId,
        data: bytes,
      })
      .onConflictDoNothing()
  }
}

const ofKind = (document: string, kind: HistoryKind) => and(eq(documentHistory.document, document), eq(documentHistory.kind, kind))
const columns = {
  fromSeq: documentHistory.fromSeq,
  toSeq: documentHistory.toSeq,
  fromAt: documentHistory.fromAt,
  toAt: documentHistory.toAt,
}

/** The first segment that ends at `at` or later. */
export async function segmentEndingSince(db: Db, document: string, at: number): Promise<Segment | undefined> {
  const [row] = await db
    .select(columns)
    .from(documentHistory)
    .where(and(ofKind(document, 'segment'), eq(documentHistory.part, 0), gte(documentHistory.toAt, at)))
    .orderBy(asc(documentHistory.fromSeq))
    .limit(1)
  return row
}

/** The first and the last segment. */
export async function endsOfHistory(db: Db, document: string): Promise<{ first: Segment; last: Segment } | undefined> {
  const of = (order: typeof asc) =>
    db
      .select(columns)
      .from(documentHistory)
      .where(and(ofKind(document, 'segment'), eq(documentHistory.part, 0)))
      .orderBy(order(documentHistory.fromSeq))
      .limit(1)
  const [first] = await of(asc)
  const [last] = await of(desc)
  return first && last && { first, last }
}

/** Seq of the newest keyframe at or before `seq`, or of the oldest one there is. */
export async function keyframeSeq(db: Db, document: string, which: { upTo: number } | 'oldest'): Promise<number | undefined> {
  const [row] = await db
    .select({ seq: documentHistory.toSeq })
    .from(documentHistory)
    .where(and(ofKind(document, 'keyframe'), ...(which === 'oldest' ? [] : [lte(documentHistory.toSeq, which.upTo)])))
    .orderBy((which === 'oldest' ? asc : desc)(documentHistory.toSeq))
    .limit(1)
  return row?.seq
}

/** Segments that begin in `after < seq <= upTo`, oldest first. */
export function segmentsWithin(db: Db, document: string, after: number, upTo: number): Promise<Segment[]> {
  return db
    .select(columns)
    .from(documentHistory)
    .where(and(ofKind(document, 'segment'), eq(documentHistory.part, 0), gt(documentHistory.toSeq, after), lte(documentHistory.fromSeq, upTo)))
    .orderBy(asc(documentHistory.fromSeq))
}

/** The bytes of one, read a row at a time. */
export async function readOfHistory(db: Db, document: string, kind: HistoryKind, fromSeq: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for (let parts = 1; chunks.length < parts;) {
    const [row] = await db
      .select({ data: documentHistory.data, parts: documentHistory.parts })
      .from(documentHistory)
      .where(and(ofKind(document, kind), eq(documentHistory.fromSeq, fromSeq), eq(documentHistory.part, chunks.length)))
    if (!row) throw new Error(`a part of the history of ${document} is missing: ${kind} ${fromSeq}, part ${chunks.length}`)
    parts = row.parts
    chunks.push(row.data)
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
}

/** Segments and keyframes in one transaction. A segment has at most some 4 MB. */
const batch = 8

/**
 * Deletes up to `batch` of the oldest segments and keyframes that end before `seq`, or at it; a keyframe at `seq` stays.
 * @returns rows and bytes; 0 rows when there are none left
 */
export async function deleteOldest(database: Database, tx: Db, document: string, seq: number): Promise<{ rows: number; bytes: number }> {
  const [gone] = await database.rows<{ rows: number; bytes: number }>(
    sql`
    with oldest as (
      select kind, from_seq from document_history
      where document = ${document} and part = 0 and to_seq <= ${seq}::bigint and not (kind = 'keyframe' and to_seq = ${seq}::bigint)
      order by to_seq, kind limit ${batch}::int),
    gone as (
      delete from document_history h using oldest o
      where h.document = ${document} and h.kind = o.kind and h.from_seq = o.from_seq returning octet_length(h.data) as bytes)
    select count(*)::int as rows, coalesce(sum(bytes), 0)::float8 as bytes from gone`,
    tx,
  )
  return gone ?? { rows: 0, bytes: 0 }
}

export async function deleteSegment(database: Database, tx: Db, document: string, fromSeq: number): Promise<{ rows: number; bytes: number }> {
  const [gone] = await database.rows<{ rows: number; bytes: number }>(
    sql`
    with gone as (
      delete from document_history where document = ${document} and kind = 'segment' and from_seq = ${fromSeq}::bigint
      returning octet_length(data) as bytes)
    select count(*)::int as rows, coalesce(sum(bytes), 0)::float8 as bytes from gone`,
    tx,
  )
  return gone ?? { rows: 0, bytes: 0 }
}

/** Documents of a project, in their order after `after`, of which something is kept from before `before`. */
export async function documentsWithOlder(database: Database, projectId: string, before: number, after: string, limit: number): Promise<string[]> {
  const rows = await database.rows<{ document: string }>(sql`
    select document from document_updates where project_id = ${projectId} and at < ${before}::bigint and document > ${after}
    union
    select document from document_history where project_id = ${projectId} and kind = 'segment' and part = 0 and from_at < ${before}::bigint and document > ${after}
    order by document limit ${limit}::int`)
  return rows.map(({ document }) => document)
}

/** The last seq in the log of which all rows up to it are from before `before`. */
export async function lastOfLogBefore(database: Database, document: string, before: number): Promise<number | undefined> {
  const [row] = await database.rows<{ seq: number | null }>(sql`
    select max(seq)::float8 as seq from document_updates
    where document = ${document} and seq < coalesce(
      (select min(seq) from document_updates where document = ${document} and at >= ${before}::bigint), ${Number.MAX_SAFE_INTEGER}::bigint)`)
  return row?.seq ?? undefined
}

/** Of all documents of a project: segments, keyframes, and the log since the newest snapshots. Bytes need not be read for this. */
export async function bytesOfHistory(database: Database, projectId: string): Promise<number> {
  const [row] = await database.rows<{ bytes: number }>(sql`
    select (select coalesce(sum(octet_length(data)), 0) from document_history where project_id = ${projectId})::float8
      + (select coalesce(sum(octet_length(data)), 0) from document_updates where project_id = ${projectId})::float8 as bytes`)
  return row?.bytes ?? 0
}
