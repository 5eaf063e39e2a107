import type * as Y from 'yjs'
import type { ItemId, SessionId } from '#shared/base/ids.ts'
import type { RunState } from '#shared/runs/schema.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Documents } from '../sync/port.ts'
import type { SessionEvents } from './events.ts'
import { logProjectionError } from '../base/log-projection-error.ts'
import { lastSeqOf, pushItems, setItemState, setQueue, setRun } from './projection.ts'
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

  async function write(sessionId: SessionId, change: (doc: Y.Doc) => void): Promise<void> {
    await documents.write({ kind: 'session', sessionId }, change)
  }

  return {
    /** Items in the order of their seq, and anything else that belongs into the same transaction. */
    items: (sessionId: SessionId, added: readonly Item[], change?: (doc: Y.Doc) => void) =>
      inOrder(sessionId, async () => {
        const first = added[0]
        if (!first) return change && write(sessionId, change)
        const opened = await documents.open({ kind: 'session', sessionId })
        try {
          const shown = lastSeqOf(opened.doc)
          const from = Math.min(shown, events.seqOf(sessionId) ?? first.seq - 1)
          const missing = first.seq > from + 1 ? await itemsBetween(database.db, sessionId, from, first.seq - 1, 1000) : []
          const all = [...missing, ...added]
          opened.transact((doc) => {
            pushItems(doc, all)
            change?.(doc)
          })
          events.stored(sessionId, all)
        } finally {
          await opened.close()
        }
      }),
    /** Reads the queue and shows it. */
    queue: (sessionId: SessionId) =>
      inOrder(sessionId, async () => {
        const queue = await listQueue(database.db, sessionId)
        await write(sessionId, (doc) => setQueue(doc, queue))
      }),
    run: (sessionId: SessionId, run: RunState) => inOrder(sessionId, () => write(sessionId, (doc) => setRun(doc, run))),
    itemState: (sessionId: SessionId, id: ItemId, state: unknown) =>
      inOrder(sessionId, () => write(sessionId, (doc) => setItemState(doc, id, state))),
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
