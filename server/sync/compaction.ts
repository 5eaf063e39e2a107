import { AppError } from '#shared/base/errors.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Lease } from '../rooms/port.ts'
import { createCompactor } from './compactor.ts'
import { forgetBefore, type Forgotten } from './forget.ts'
import type { Entry } from './entry.ts'
import { compact, snapshotDue } from './snapshots.ts'

/** After a snapshot that failed, in ms. */
const restMs = 30_000

/** Snapshots of documents, and the end of their history: of one document one at a time. */
export function createCompaction({ database, clock, log }: { database: Database; clock: Clock; log: Logger }) {
  const compactor = createCompactor()
  const deps = { database, clock, compactor }
  let stopping = false

  return {
    /** Begins one when the log has grown long enough. */
    snapshotWhenDue(entry: Entry): void {
      if (entry.compacting || stopping || performance.now() < entry.compactAfter || !snapshotDue(entry.log.since())) return
      const upTo = entry.log.stored()
      entry.compacting = compact(deps, entry.hold.lease, entry.text, upTo.seq)
        .then((done) => entry.log.snapshotTaken(done.size, done.rows, done.bytes, upTo))
        .catch((error: unknown) => {
          entry.compactAfter = performance.now() + restMs
          if (!stopping && !entry.log.lost) log.error({ err: error, document: entry.text }, 'could not write a snapshot')
        })
        .finally(() => (entry.compacting = undefined))
    },
    /**
     * Ends the history of a document before a moment. Of an open one a snapshot may be under way; another one does not begin before this is done.
     * @param entry the document, when it is open
     */
    async forgetBefore(lease: Lease, text: string, before: number, entry: Entry | undefined): Promise<Forgotten> {
      while (entry?.compacting) await entry.compacting
      if (stopping || entry?.log.lost) throw new AppError('unavailable', 'This document is closed.')
      const forgetting = forgetBefore(deps, lease, text, before, (done) => entry?.log.snapshotTaken(done.size, done.rows, done.bytes, 'earlier'))
      if (entry) {
        const over = forgetting.then(
          () => undefined,
          () => undefined,
        )
        entry.compacting = over.finally(() => (entry.compacting = undefined))
      }
      return forgetting
    },
    /** No other one begins. */
    refuse(): void {
      stopping = true
    },
    /** Ends those under way. */
    stop: () => compactor.stop(),
  }
}
