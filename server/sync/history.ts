import { inflateRawSync } from 'node:zlib'
import { and, asc, eq } from 'drizzle-orm'
import type { Database } from '../db/port.ts'
import { readAllRows } from './load.ts'
import { decodeSegment, type LogRow } from './segment.ts'
import { documentHistory } from './table.ts'

/** Every row a document's log ever held, oldest first: history, then what is still in the log. */
export async function readHistory(database: Database, document: string): Promise<LogRow[]> {
  const segments = await readWhole(database, document, 'segment')
  const rows = segments.flatMap((segment) => decodeSegment(segment.data))
  return [...rows, ...(await readAllRows(database, document, rows.at(-1)?.seq ?? 0))]
}

/** Whole states to start from, oldest first. */
export async function readKeyframes(database: Database, document: string): Promise<{ seq: number; at: number; state: Uint8Array }[]> {
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
