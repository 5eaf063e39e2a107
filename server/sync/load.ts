import * as Y from 'yjs'
import type { Database } from '../db/port.ts'
import { newestSnapshot, readRows, readSnapshot } from './log-store.ts'
import { fromRows } from './row-codec.ts'
import type { LogRow } from './segment.ts'

/** What a document was loaded from: where the log goes on, what its next snapshot depends on, and what its updates weigh whole. */
export type Loaded = { seq: number; rows: number; rowBytes: number; updateBytes: number; snapshotBytes: number }

const page = 500

/** Brings an empty `doc` level with the log: the newest whole snapshot and the rows after it. */
export async function loadDocument(database: Database, document: string, doc: Y.Doc): Promise<Loaded> {
  const { db } = database
  const snapshot = await newestSnapshot(db, document)
  const state = snapshot && (await readSnapshot(db, document, snapshot.seq, snapshot.parts))
  const rows = await readAllRows(database, document, snapshot?.seq ?? 0)
  const updates = fromRows(rows.map((row) => row.data))
  doc.transact(() => {
    if (state) Y.applyUpdate(doc, state, 'log')
    for (const update of updates) Y.applyUpdate(doc, update, 'log')
  }, 'log')
  return {
    seq: rows.at(-1)?.seq ?? snapshot?.seq ?? 0,
    rows: rows.length,
    rowBytes: rows.reduce((sum, row) => sum + row.data.length, 0),
    updateBytes: updates.reduce((sum, update) => sum + update.length, 0),
    snapshotBytes: state?.length ?? 0,
  }
}

/** Every row after `from`, up to `to`. */
export async function readAllRows(database: Database, document: string, from: number, to: number = Number.MAX_SAFE_INTEGER): Promise<LogRow[]> {
  const rows: LogRow[] = []
  while (true) {
    const more = await readRows(database.db, document, rows.at(-1)?.seq ?? from, to, page)
    rows.push(...more)
    if (more.length < page) return rows
  }
}
