import { eq } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import { projectLimits } from '#shared/projects/doc.ts'
import { sessionLimits } from '#shared/sessions/doc.ts'
import type { Database } from '../db/port.ts'
import type { Documents } from '../sync/port.ts'
import type { ApprovalPort, RunPort } from './port.ts'
import { activeRunsIn, level } from './projection.ts'
import { listQueue } from './queue.ts'
import { levelSummaries } from './session-index.ts'
import { listSummaries, pageItems } from './store.ts'
import { sessions } from './table.ts'

type Deps = { database: Database; documents: Documents; runs(): RunPort; approvals(): ApprovalPort | undefined }

/** Brings the documents of sessions, and the lists of them, level with Postgres when they are loaded. */
export function levelDocuments({ database: { db }, documents, runs, approvals }: Deps): void {
  documents.onLoad('session', async ({ sessionId }, doc) => {
    const [row] = await db.select().from(sessions).where(eq(sessions.id, sessionId))
    if (!row) throw new AppError('not_found', 'This session does not exist.')
    const items = (await pageItems(db, sessionId, sessionLimits.items)).reverse()
    const asked = items.filter((item) => item.type === 'question')
    const approvalItems = items.filter((item) => item.type === 'approval').map((item) => item.id)
    const standing = await runs().standing(sessionId, [...new Set([...(row.runId ? [row.runId] : []), ...activeRunsIn(doc)])])
    const questions = Object.fromEntries(
      asked.map(({ id, status, answers, answeredBy }) => [id, { status, ...(answers && { answers }), ...(answeredBy && { answeredBy }) }]),
    )
    const states = { ...questions, ...(await approvals()?.statesOf(sessionId, approvalItems)) }
    const truth = { items, queue: await listQueue(db, sessionId), states, ...standing }
    doc.transact(() => level(doc, truth))
  })
  documents.onLoad('project', async ({ projectId }, doc) => {
    const summaries = (await listSummaries(db, projectId, projectLimits.sessions)).slice(0, projectLimits.sessions)
    doc.transact(() => levelSummaries(doc, summaries))
  })
}
