import { createHash } from 'node:crypto'
import * as Y from 'yjs'
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { Database } from '../../db/port.ts'
import type { Compactor } from '../compactor.ts'
import { readKeyframes, readReplayable } from '../history.ts'
import { loadDocument } from '../load.ts'
import { newestSnapshot, readRows, readSnapshot } from '../log-store.ts'
import { openLog } from '../log.ts'
import { fromRows } from '../row-codec.ts'
import type { Lease } from '../../rooms/port.ts'
import { compact } from '../snapshots.ts'

export const dayMs = 86_400_000
/** Typed on the second day and taken back on the third. */
const secret = 'the harbour master drinks'

/** Of a text: what differs would be too long to read. */
export const digest = (text: string) => `${text.length} ${createHash('sha256').update(text).digest('hex').slice(0, 12)}`
const digestOf = (doc: Y.Doc) => digest(doc.getText('content').toJSON())

/** Text that does not shrink much when it is deflated. */
const noise = (length: number) => Array.from({ length }, () => String.fromCharCode(33 + Math.random() * 90)).join('')

type Place = { database: Database; compactor: Compactor; lease: Lease; document: string; log: Logger }

/**
 * A text that is edited six times a day for so many days from day 0 on, with a snapshot now and then; an edit has one or several rows.
 * @returns what it said after each of its seqs, and the open log
 */
export async function tellHistory(
  { database, compactor, lease, document, log: logger }: Place,
  { days, snapshotAfter }: { days: number; snapshotAfter: number[] },
) {
  let now = 0
  const clock: Clock = { now: () => now }
  const doc = new Y.Doc()
  const loaded = await loadDocument(database, document, doc)
  const log = openLog({ database, clock, log: logger, lease, document, doc, loaded, onDurable: () => undefined, onDeposed: () => undefined })
  const text = doc.getText('content')
  const told = new Map<number, { at: number; text: string }>()
  for (let day = 0; day < days; day++) {
    for (let edit = 0; edit < 6; edit++) {
      now = day * dayMs + edit * 60_000
      if (day === 1 && edit === 5) text.insert(0, secret)
      else if (day === 2 && edit === 5) text.delete(text.toJSON().indexOf(secret), secret.length)
      else text.insert(text.length, `day ${day} edit ${edit} ${noise(edit === 3 && day % 2 === 0 ? 350_000 : 500)}\n`)
      if (edit === 4 && text.length > 600_000) text.delete(0, 350_000)
      log.flushNow()
      told.set(await log.flushed(), { at: now, text: digestOf(doc) })
    }
    if (snapshotAfter.includes(day)) await compact({ database, clock, compactor }, lease, document, log.seq)
  }
  return { doc, text, log, told, clock, at: (ms: number) => void (now = ms) }
}

/** What a reader has who opens it now. */
export async function reload(database: Database, document: string): Promise<{ text: string; vector: string }> {
  const doc = new Y.Doc()
  await loadDocument(database, document, doc)
  return { text: digestOf(doc), vector: Buffer.from(Y.encodeStateVector(doc)).toString('hex') }
}

/** What replay shows: the text after each seq that it can go to, from the oldest state on. */
export async function replay(database: Database, document: string): Promise<Map<number, string>> {
  const { from, rows } = await readReplayable(database, document)
  const doc = new Y.Doc()
  const shown = new Map<number, string>()
  if (from) {
    Y.applyUpdate(doc, from.state)
    shown.set(from.seq, digestOf(doc))
  }
  let parts: Uint8Array[] = []
  let expected = (from?.seq ?? 0) + 1
  for (const { seq, data } of rows) {
    if (seq !== expected) throw new Error(`row ${expected} is missing`)
    expected += 1
    parts.push(data)
    const updates = fromRows(parts)
    if (updates.length === 0) continue
    parts = []
    for (const update of updates) Y.applyUpdate(doc, update)
    shown.set(seq, digestOf(doc))
  }
  return shown
}

/** Whether anything that is stored of a document still holds what was taken back. */
export async function holdsSecret(database: Database, document: string): Promise<boolean> {
  const { rows } = await readReplayable(database, document)
  const log = await readRows(database.db, document, 0, Number.MAX_SAFE_INTEGER, 100_000)
  const snapshot = await newestSnapshot(database.db, document)
  const bytes = [
    ...fromRows(rows.map((row) => row.data)),
    ...fromRows(log.map((row) => row.data)),
    ...(await readKeyframes(database, document)).map(({ state }) => state),
    ...(snapshot ? [await readSnapshot(database.db, document, snapshot.seq, snapshot.parts)] : []),
  ]
  return Buffer.concat(bytes).includes(secret)
}
