import type { SessionId } from '#shared/base/ids.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Documents } from '../sync/port.ts'
import { notShown } from './not-shown.ts'
import { setSummary } from './session-index.ts'
import { readSummary } from './store.ts'

/** Changes of one session within this time are shown as one; what runs need goes first. */
const calmMs = 40

/** Shows a session's line in its project's list, as Postgres has it then. Resolves when it is there. Never throws. */
export function createSummaryWriter({ database, documents, log }: { database: Database; documents: Documents; log: Logger }) {
  const planned = new Map<SessionId, Promise<void>>()

  async function write(sessionId: SessionId): Promise<void> {
    try {
      const summary = await readSummary(database.db, sessionId)
      if (summary) await documents.write({ kind: 'project', projectId: summary.projectId }, (doc) => setSummary(doc, summary))
    } catch (error) {
      notShown(log, { sessionId }, error, 'the list of sessions could not be brought up to date')
    }
  }

  return function publishSummary(sessionId: SessionId): Promise<void> {
    const known = planned.get(sessionId)
    if (known) return known
    const plan = new Promise<void>((resolve) => {
      setTimeout(() => {
        planned.delete(sessionId)
        void write(sessionId).then(resolve)
      }, calmMs)
    })
    planned.set(sessionId, plan)
    return plan
  }
}
