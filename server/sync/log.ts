import * as Y from 'yjs'
import { AppError } from '#shared/base/errors.ts'
import type { Clock } from '../base/clock.ts'
import { withOnlyLogFields } from '../base/log-fields.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import { logLimits } from './limits.ts'
import type { Loaded } from './load.ts'
import { Deposed } from '../rooms/service.ts'
import { appendRows } from './log-store.ts'
import { createPendingUpdates } from './pending-updates.ts'
import { toRows } from './row-codec.ts'
import type { Lease } from '../rooms/port.ts'
import type { LogRow } from './segment.ts'

/**
 * The log of one loaded document. Every update is buffered, merged with its neighbours over a short interval and inserted;
 * a failing insert is repeated, the same rows under the same seqs, until it succeeds or the room is lost. Nothing is
 * dropped and nothing is called durable before its commit.
 */
export type DocumentLog = {
  /** The last durable seq. */
  readonly seq: number
  readonly lost: boolean
  /** Everything applied so far is durable. */
  readonly clean: boolean
  /** Updates that were applied and are not durable, and when the oldest of them was applied, by `performance.now()`. */
  behind(): { updates: number; since: number | undefined }
  /** What the whole state weighs at most, in bytes; exact after a snapshot. */
  weight(): number
  setWeight(bytes: number): void
  /** Rows and bytes since the newest snapshot, and that snapshot's size. */
  since(): { rows: number; bytes: number; snapshotBytes: number }
  /** What is durable: its seq, and what its updates weighed since the log was opened, before they were deflated. */
  stored(): Stored
  /**
   * A snapshot of `size` bytes holds what was stored `upTo` there; it superseded so many rows and bytes of them. One of an
   * earlier state leaves the weight as it is, which was a bound before and still is.
   */
  snapshotTaken(size: number, rows: number, bytes: number, upTo: Stored | 'earlier'): void
  /** Resolves with a durable seq when everything applied so far is durable. @throws AppError when it never will be. */
  flushed(): Promise<number>
  /**
   * Makes an update durable before it is applied to the document; writes at once.
   * @throws AppError when it never will be
   */
  ahead(update: Uint8Array): Promise<number>
  /** Writes at once instead of at the end of the interval. */
  flushNow(): void
  /** Gives up: the room is another's, or the document is deleted. Resolves when no insert is under way. */
  abandon(): Promise<void>
}

type Stored = { seq: number; weight: number }

type Deps = {
  database: Database
  clock: Clock
  log: Logger
  lease: Lease
  document: string
  doc: Y.Doc
  loaded: Loaded
  /** `tookMs`: how long the oldest of what was saved had waited for it. */
  onDurable(seq: number, tookMs: number): void
  onDeposed(): void
}

export function openLog(deps: Deps): DocumentLog {
  const { database, doc, loaded, document } = deps
  const pending = createPendingUpdates()
  const waits = createDurableWaits()
  let seq = loaded.seq
  let lost = false
  let timer: NodeJS.Timeout | undefined
  let writing = false
  let urgent = false
  let inserting: Promise<void> | undefined
  let weight = loaded.snapshotBytes + loaded.updateBytes
  const since = { rows: loaded.rows, bytes: loaded.rowBytes, snapshotBytes: loaded.snapshotBytes }

  const giveUp = () => {
    if (lost) return
    lost = true
    doc.off('update', onUpdate)
    clearTimeout(timer)
    pending.drop()
    waits.rejectAll()
  }

  function onUpdate(update: Uint8Array) {
    pending.add(update)
    weight += update.length
    if (timer === undefined && !writing) timer = setTimeout(startWriting, logLimits.flushMs)
  }
  doc.on('update', onUpdate)

  function startWriting() {
    clearTimeout(timer)
    timer = undefined
    if (writing || lost || pending.isEmpty()) return
    writing = true
    // Of whoever has edited, not of the one whose edit came first.
    withOnlyLogFields({ projectId: deps.lease.projectId }, write)
      .catch((error: unknown) => deps.log.error({ err: error, document }, 'the log of a document failed'))
      .finally(() => {
        writing = false
        pending.rest()
        // What arrived meanwhile has waited for its interval at least in part.
        if (!lost && !pending.isEmpty()) timer = setTimeout(startWriting, urgent ? 0 : logLimits.flushMs)
        urgent = false
      })
  }

  async function write(): Promise<void> {
    const batch = pending.take()
    const rows = toLogRows(batch.updates, seq, deps.clock.now())
    await insert(rows)
    if (lost) return
    seq = rows.at(-1)?.seq ?? seq
    pending.stored(batch)
    since.rows += rows.length
    since.bytes += rows.reduce((sum, row) => sum + row.data.length, 0)
    waits.resolveUpTo(batch.upTo, seq)
    deps.onDurable(seq, performance.now() - batch.appliedAt)
  }

  /** Tries until they are stored, or the room is lost. */
  async function insert(rows: LogRow[]): Promise<void> {
    for (let delay: number = logLimits.retryMs.first; !lost; delay = Math.min(delay * 2, logLimits.retryMs.most)) {
      try {
        await (inserting = appendRows(database, deps.lease, document, rows))
        return
      } catch (error) {
        if (error instanceof Deposed) {
          giveUp()
          deps.onDeposed()
          return
        }
        deps.log.warn({ err: error, document }, 'could not save updates, trying again')
        await new Promise((resolve) => setTimeout(resolve, delay))
      }
    }
  }

  return {
    get seq() {
      return seq
    },
    get lost() {
      return lost
    },
    get clean() {
      return pending.isDurable()
    },
    behind: () => (lost ? { updates: 0, since: undefined } : pending.behind()),
    weight: () => weight,
    setWeight(bytes) {
      weight = bytes
    },
    since: () => since,
    stored: () => ({ seq, weight: pending.counts().durableWeight }),
    snapshotTaken(size, rows, bytes, upTo) {
      since.snapshotBytes = size
      since.rows = Math.max(0, since.rows - rows)
      since.bytes = Math.max(0, since.bytes - bytes)
      if (upTo !== 'earlier') weight = size + pending.counts().appliedWeight - upTo.weight
    },
    flushed() {
      if (lost) return Promise.reject(new AppError('unavailable', 'This document is closed.'))
      return pending.isDurable() ? Promise.resolve(seq) : waits.wait(pending.counts().applied)
    },
    ahead(update) {
      if (lost) return Promise.reject(new AppError('unavailable', 'This document is closed.'))
      onUpdate(update)
      urgent = writing
      startWriting()
      return waits.wait(pending.counts().applied)
    },
    flushNow: startWriting,
    abandon() {
      giveUp()
      return inserting?.catch(() => undefined) ?? Promise.resolve()
    },
  }
}

/** Those who wait until what was applied so far is durable. */
function createDurableWaits() {
  const waiting: { upTo: number; resolve: (seq: number) => void; reject: (error: Error) => void }[] = []
  return {
    wait: (upTo: number) => new Promise<number>((resolve, reject) => waiting.push({ upTo, resolve, reject })),
    resolveUpTo(durable: number, seq: number): void {
      while (waiting[0] && waiting[0].upTo <= durable) waiting.shift()?.resolve(seq)
    },
    rejectAll(): void {
      for (const { reject } of waiting.splice(0)) reject(new AppError('unavailable', 'The document was closed before this was saved.'))
    },
  }
}

/** Merged in runs, because merging thousands of updates at once takes time that grows with their square. */
function toLogRows(updates: readonly Uint8Array[], after: number, at: number): LogRow[] {
  const rows: LogRow[] = []
  let run: Uint8Array[] = []
  let bytes = 0
  const close = () => {
    if (run.length === 0) return
    const merged = run.length === 1 && run[0] ? run[0] : Y.mergeUpdates(run)
    for (const data of toRows(merged)) rows.push({ seq: after + rows.length + 1, at, data })
    run = []
    bytes = 0
  }
  for (const update of updates) {
    if (run.length >= logLimits.mergeUpdates || bytes + update.length > logLimits.mergeBytes) close()
    run.push(update)
    bytes += update.length
  }
  close()
  return rows
}
