import type { SessionId } from '#shared/base/ids.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Documents } from '../sync/port.ts'
import { logProjectionError } from '../base/log-projection-error.ts'
import { dropSummary, setSummary } from './session-index.ts'
import { readSummary } from './store.ts'

/** Changes of one session within this time are shown as one; what runs need goes first. */
const calmMs = 40

/** Shows a session's line in its project's list, as Postgres has it then. Resolves when it is there. Never throws. */
export function createSummaryWriter({ database, documents, log }: { database: Database; documents: Documents; log: Logger }) {
  const planned = new Map<SessionId, { done: Promise<void>; now(): void }>()
  const writing = new Set<Promise<void>>()
  let stopped = false

  async function write(sessionId: SessionId): Promise<void> {
    try {
      const summary = await readSummary(database.db, sessionId)
      if (summary)
        await documents.write({ kind: 'project', projectId: summary.projectId }, (doc) =>
          summary.archivedAt === null ? setSummary(doc, summary) : dropSummary(doc, summary.id),
        )
    } catch (error) {
      logProjectionError(log, { sessionId }, error, 'the list of sessions could not be brought up to date')
    }
  }

  function plan(sessionId: SessionId): Promise<void> {
    const { promise: done, resolve } = Promise.withResolvers<void>()
    const now = () => {
      clearTimeout(timer)
      planned.delete(sessionId)
      const written = write(sessionId).finally(() => writing.delete(written))
      writing.add(written)
      void written.then(resolve)
    }
    const timer = setTimeout(now, calmMs)
    planned.set(sessionId, { done, now })
    return done
  }

  return {
    publishSummary: async (sessionId: SessionId): Promise<void> => {
      if (!stopped) await (planned.get(sessionId)?.done ?? plan(sessionId))
    },
    /** Writes what is planned, and nothing afterwards: the next load of the list is level with Postgres. */
    async stop(): Promise<void> {
      stopped = true
      for (const { now } of planned.values()) now()
      await Promise.all(writing)
    },
  }
}
