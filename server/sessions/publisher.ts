import type * as Y from 'yjs'
import type { SessionId } from '#shared/base/ids.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Documents } from '../sync/port.ts'
import type { SessionEvents } from './events.ts'
import { logProjectionError } from '../base/log-projection-error.ts'
import { applyChange, type Changes, type LaterChange, type SessionChange } from './changes.ts'
import { lastSeqOf } from './projection.ts'
import { listQueue } from './queue.ts'
import { itemsBetween } from './store.ts'

export type Publisher = ReturnType<typeof createPublisher>

/**
 * Shows what was committed: in the session's document and to the readers of its events. Work of one session is done in
 * order; a gap (a commit whose turn comes later, or another process's) is filled from Postgres. Never throws: what was
 * committed stays committed, and the next load brings the document level.
 */
export function createPublisher({
  database,
  documents,
  events,
  log,
}: {
  database: Database
  documents: Documents
  events: SessionEvents
  log: Logger
}) {
  const chains = new Map<SessionId, Promise<void>>()

  function inOrder(sessionId: SessionId, work: () => Promise<void>): Promise<void> {
    const before = chains.get(sessionId) ?? Promise.resolve()
    const next = before
      .then(work)
      .catch((error: unknown) => logProjectionError(log, { sessionId }, error, 'the session document could not be brought up to date'))
    chains.set(sessionId, next)
    void next.then(() => {
      if (chains.get(sessionId) === next) chains.delete(sessionId)
    })
    return next
  }

  async function write(sessionId: SessionId, changes: readonly SessionChange[]): Promise<void> {
    const added = changes.flatMap((change) => (change.kind === 'items' ? change.items : []))
    const opened = await documents.open({ kind: 'session', sessionId })
    try {
      const missing = await missingBefore(sessionId, opened.doc, added[0])
      opened.transact((doc) => {
        if (missing.length > 0) applyChange(doc, { kind: 'items', items: missing })
        for (const change of changes) applyChange(doc, change)
      })
      if (added.length > 0) events.stored(sessionId, [...missing, ...added])
    } finally {
      await opened.close()
    }
  }

  /** What another commit has stored before, and nobody has shown yet. */
  async function missingBefore(sessionId: SessionId, doc: Y.Doc, first: Item | undefined): Promise<Item[]> {
    if (!first) return []
    const from = Math.min(lastSeqOf(doc), events.seqOf(sessionId) ?? first.seq - 1)
    return first.seq > from + 1 ? itemsBetween(database.db, sessionId, from, first.seq - 1, 1000) : []
  }

  return {
    /** What one commit changed, in one transaction of the document. */
    show: (sessionId: SessionId, changes: Changes) =>
      inOrder(sessionId, async () => {
        const all: SessionChange[] = []
        for (const change of changes) all.push(...(typeof change === 'function' ? await change() : [change]))
        if (all.some((change) => change.kind !== 'items' || change.items.length > 0)) await write(sessionId, all)
      }),
    /** The messages that wait, as they are when this is shown. */
    queueOf:
      (sessionId: SessionId): LaterChange =>
      async () => [{ kind: 'queue', queue: await listQueue(database.db, sessionId) }],
    /** Resolves when everything published so far, of every session, is shown. */
    allSettled: async () => {
      await Promise.all(chains.values())
    },
    /** Resolves when everything published so far is shown. */
    settled: async (sessionId: SessionId) => {
      await chains.get(sessionId)
    },
  }
}
