import type { ProjectId } from '#shared/base/ids.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Hold, Lease } from '../rooms/port.ts'
import type { SyncDocument } from './hocuspocus.ts'
import { logLimits } from './limits.ts'
import type { Loaded } from './load.ts'
import { type DocumentLog, openLog } from './log.ts'

/** A loaded document. */
export type Entry = {
  readonly text: string
  readonly projectId: ProjectId
  readonly document: SyncDocument
  /** Keeps the room here while it is loaded. */
  readonly hold: Hold
  readonly log: DocumentLog
  /** `performance.now()` of its last use by the server or of the last look at its connections. */
  usedAt: number
  /** Set when everything is saved and nobody uses it: only then may it be unloaded. */
  releasable: boolean
  compacting: Promise<void> | undefined
  compactAfter: number
  announcing: NodeJS.Timeout | undefined
}

type Opened = {
  document: SyncDocument
  projectId: ProjectId
  hold: Hold
  from: Loaded
  /** Something of it became durable; `tookMs` after its oldest part was accepted. */
  onDurable(entry: Entry, tookMs: number): void
  onDeposed(lease: Lease): void
}

/** Of a document that was just loaded: from now on all that comes is logged. */
export function createEntry(deps: { database: Database; clock: Clock; log: Logger }, opened: Opened): Entry {
  const { document, projectId, hold, from, onDurable, onDeposed } = opened
  const { lease } = hold
  const entry: Entry = {
    text: document.name,
    projectId,
    document,
    hold,
    usedAt: performance.now(),
    releasable: false,
    compacting: undefined,
    compactAfter: 0,
    announcing: undefined,
    log: openLog({
      ...deps,
      lease,
      document: document.name,
      doc: document,
      loaded: from,
      onDurable: (_seq, tookMs) => onDurable(entry, tookMs),
      onDeposed: () => onDeposed(lease),
    }),
  }
  return entry
}

/** Tells everybody who has it open that all updates so far are durable: one message for several updates. */
export function announceDurable(entry: Entry): void {
  entry.announcing ??= setTimeout(() => {
    entry.announcing = undefined
    if (!entry.log.lost) entry.document.relayStateless(JSON.stringify({ type: 'durable', seq: entry.log.seq }))
  }, logLimits.announceMs)
}
