import { and, eq, lte, sql } from 'drizzle-orm'
import type { Clock } from '../base/clock.ts'
import type { Database, Db } from '../db/port.ts'
import type { Compactor } from './compactor.ts'
import { logLimits } from './limits.ts'
import { readAllRows } from './load.ts'
import { dropSnapshots, dropUnfinishedSnapshot, insertSnapshotPart, newestSnapshot, readRows, readSnapshot } from './log-store.ts'
import { insertHistory } from './history-store.ts'
import { splitBytes } from './row-codec.ts'
import { fence } from '../rooms/service.ts'
import type { Lease } from '../rooms/port.ts'
import type { LogRow } from './segment.ts'
import { documentHistory, documentUpdates } from './table.ts'

/**
 * Whether a snapshot pays: the log has passed a bound that grows with the document, so that writing the whole state now
 * and then stays a small part of what is written.
 */
export function snapshotDue({ rows, bytes, snapshotBytes }: { rows: number; bytes: number; snapshotBytes: number }): boolean {
  return rows >= Math.max(logLimits.snapshotRows, snapshotBytes / 4096) || bytes >= Math.max(logLimits.snapshotBytes, snapshotBytes / 2)
}

type Deps = { database: Database; clock: Clock; compactor: Compactor }
/** The steps of a compaction, in order; a crash may fall between any two. */
export type CompactionStep = 'snapshot part written' | 'snapshot whole' | 'segment moved' | 'keyframe written'
export type Compacted = { seq: number; size: number; rows: number; bytes: number }

/** Rows, and bytes of them, in one segment of history. */
const segmentRows = 2_000
const segmentBytes = 4 * 1024 * 1024
/** A keyframe is written when the segments since the last one weigh as much as the state, and at least this. */
const keyframeBytes = 1024 * 1024

/**
 * Writes a snapshot as of `seq`, then moves the log rows it supersedes to history. Loading is right after every step: a
 * snapshot counts only when all its parts are there, rows leave the log in the transaction that puts them into history,
 * and rows at or before the newest snapshot are not read. A compaction that was cut off is finished by the next.
 * @throws Deposed when the room is another's.
 */
export async function compact(
  deps: Deps,
  lease: Lease,
  document: string,
  seq: number,
  reached: (step: CompactionStep) => void | Promise<void> = () => undefined,
): Promise<Compacted> {
  const { database, compactor } = deps
  const last = await newestSnapshot(database.db, document)
  const state = last && (await readSnapshot(database.db, document, last.seq, last.parts))
  const rows = await readAllRows(database, document, last?.seq ?? 0, seq)
  const bytes = rows.reduce((sum, row) => sum + row.data.length, 0)
  let whole = state
  if (rows.length > 0) {
    whole = await compactor.run({ kind: 'snapshot', state, rows: rows.map((row) => row.data) })
    await dropUnfinishedSnapshot(database.db, document, seq)
    const parts = splitBytes(whole)
    for (const [part, data] of parts.entries()) {
      await insertSnapshotPart(database, lease, { document, seq, part, parts: parts.length, at: deps.clock.now(), data })
      await reached('snapshot part written')
    }
  }
  await reached('snapshot whole')
  await moveToHistory(deps, lease, document, last && rows.length === 0 ? last.seq : seq, reached)
  await dropSnapshots(database.db, document, last && rows.length === 0 ? last.seq : seq)
  if (whole && rows.length > 0 && (await keyframeDue(database.db, document, whole.length))) {
    await writeKeyframe(deps, lease, document, seq, whole)
    await reached('keyframe written')
  }
  return { seq, size: whole?.length ?? 0, rows: rows.length, bytes }
}

/** Every log row up to `upTo`, a segment at a time. */
async function moveToHistory(
  deps: Deps,
  lease: Lease,
  document: string,
  upTo: number,
  reached: (step: CompactionStep) => void | Promise<void>,
): Promise<void> {
  const { database, compactor } = deps
  while (true) {
    const rows = takeSegment(await readRows(database.db, document, 0, upTo, segmentRows))
    const first = rows[0]
    const final = rows.at(-1)
    if (!first || !final) return
    const data = await compactor.run({ kind: 'segment', rows })
    await database.transaction(async (tx) => {
      await fence(database, tx, lease)
      await insertHistory(tx, lease, document, 'segment', first, final, data)
      await tx.delete(documentUpdates).where(and(eq(documentUpdates.document, document), lte(documentUpdates.seq, final.seq)))
    })
    await reached('segment moved')
  }
}

function takeSegment(rows: LogRow[]): LogRow[] {
  let bytes = 0
  const end = rows.findIndex((row, index) => {
    bytes += row.data.length
    return index > 0 && bytes > segmentBytes
  })
  return end === -1 ? rows : rows.slice(0, end)
}

/** Whether replay would have to go through more segments since the last keyframe than the state itself weighs. */
async function keyframeDue(db: Db, document: string, size: number): Promise<boolean> {
  const [row] = await db
    .select({ bytes: sql<number>`coalesce(sum(length(${documentHistory.data})), 0)::float8` })
    .from(documentHistory)
    .where(
      and(
        eq(documentHistory.document, document),
        eq(documentHistory.kind, 'segment'),
        sql`${documentHistory.fromSeq} > coalesce((select max(k.to_seq) from document_history k where k.document = ${document} and k.kind = 'keyframe'), 0)`,
      ),
    )
  return (row?.bytes ?? 0) >= Math.max(keyframeBytes, size / 4)
}

async function writeKeyframe(deps: Deps, lease: Lease, document: string, seq: number, state: Uint8Array): Promise<void> {
  const data = await deps.compactor.run({ kind: 'keyframe', state })
  const place = { seq, at: deps.clock.now() }
  await deps.database.transaction(async (tx) => {
    await fence(deps.database, tx, lease)
    await insertHistory(tx, lease, document, 'keyframe', place, place, data)
  })
}
