import { inflateRawSync } from 'node:zlib'
import { and, asc, eq } from 'drizzle-orm'
import type { Database } from '../db/port.ts'
import { readAllRows } from './load.ts'
import { decodeSegment, type LogRow } from './segment.ts'
import { documentHistory } from './table.ts'

/** Every row that is kept of a document's log, oldest first: history, then what is still in the log. */
export async function readHistory(database: Database, document: string): Promise<LogRow[]> {
  const segments = await readWhole(database, document, 'segment')
  const rows = segments.flatMap((segment) => decodeSegment(segment.data))
  return [...rows, ...(await readAllRows(database, document, rows.at(-1)?.seq ?? 0))]
}

/**
 * What replay plays: the oldest whole state that is kept, none where the log is there from its first row, and every row after it.
 * Without a gap, also when forgetting was cut off.
 */
export async function readReplayable(database: Database, document: string): Promise<{ from: Keyframe | undefined; rows: LogRow[] }> {
  const rows = await readHistory(database, document)
  if (rows[0]?.seq === 1) return { from: undefined, rows }
  const [from] = await readKeyframes(database, document)
  return { from, rows: rows.filter(({ seq }) => seq > (from?.seq ?? 0)) }
}

type Keyframe = { seq: number; at: number; state: Uint8Array }

/** Whole states to start from, oldest first. */
export async function readKeyframes(database: Database, document: string): Promise<Keyframe[]> {
  const frames = await readWhole(database, document, 'keyframe')
  return frames.map(({ seq, at, data }) => ({ seq, at, state: inflateRawSync(data) }))
}

async function readWhole(database: Database, document: string, kind: 'segment' | 'keyframe') {
  const rows = await database.db
    .select()
    .from(documentHistory)
    .where(and(eq(documentHistory.document, document), eq(documentHistory.kind, kind)))
    .orderBy(asc(documentHistory.fromSeq), asc(documentHistory.part))
  return [...Map.groupBy(rows, (row) => row.fromSeq).values()].map((parts) => ({
    seq: parts[0]?.toSeq ?? 0,
    at: parts[0]?.toAt ?? 0,
    data: Buffer.concat(parts.map((part) => part.data)),
  }))
}
