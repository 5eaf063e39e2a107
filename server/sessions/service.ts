import { eq } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ItemId, ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { sessionLimits } from '#shared/sessions/doc.ts'
import { projectLimits } from '#shared/projects/doc.ts'
import type { ItemMatches, ItemPage } from '#shared/sessions/items.ts'
import type { QueuedMessage, SessionSummary } from '#shared/sessions/schema.ts'
import { createTurns } from '../base/budget.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import { personLimits } from '../base/person-limits.ts'
import type { Database } from '../db/port.ts'
import type { Documents } from '../sync/port.ts'
import { cleanText } from './clean.ts'
import { createSessionEvents } from './events.ts'
import { activeRunsIn, level } from './projection.ts'
import type { ApprovalPort, Person, RunPort } from './port.ts'
import { createPublisher } from './publisher.ts'
import { readPage } from './page.ts'
import type { ItemPlace } from './page.ts'
import { createQuestions } from './questions.ts'
import { createPins } from './pins.ts'
import { editQueued, listQueue, placeQueued, removeQueued } from './queue.ts'
import { searchItems } from './search.ts'
import { searchSessions } from './search-all.ts'
import type { SearchIn } from './search-all.ts'
import { createSending } from './send.ts'
import { dropSummary, levelSummaries } from './session-index.ts'
import { createSummaryWriter } from './summary-writer.ts'
import { itemsBetween, listSummaries, lockSession, pageItems, readSummary, updateSession } from './store.ts'
import { sessions } from './table.ts'
import { untitled } from './title.ts'

export type SessionDeps = { database: Database; documents: Documents; clock: Clock; log: Logger }
/** `before` is another message that waits; null puts it last. */
type QueueEdit = { text?: string; mode?: QueuedMessage['mode']; before?: ItemId | null }

export type Sessions = ReturnType<typeof createSessions>

/** Sessions: their items, queue and documents. `connect` before anything is served. */
export function createSessions(deps: SessionDeps) {
  const { database, documents, clock, log } = deps
  const { db } = database
  const inTurn = createTurns(1)
  let runPort: RunPort | undefined
  let approvalPort: ApprovalPort | undefined
  const runs = () => {
    if (!runPort) throw new Error('sessions are not connected to runs')
    return runPort
  }

  const events = createSessionEvents({
    itemsBetween: (id, after, upTo, limit) => itemsBetween(db, id, after, upTo, limit),
    lastSeq: async (id) => (await db.select({ seq: sessions.lastSeq }).from(sessions).where(eq(sessions.id, id)))[0]?.seq ?? 0,
  })
  const publish = createPublisher({ database, documents, events, log })

  const { publishSummary, stop: stopSummaries } = createSummaryWriter({ database, documents, log })

  documents.onLoad('session', async ({ sessionId }, doc) => {
    const [row] = await db.select().from(sessions).where(eq(sessions.id, sessionId))
    if (!row) throw new AppError('not_found', 'This session does not exist.')
    const items = (await pageItems(db, sessionId, sessionLimits.items)).reverse()
    const asked = items.filter((item) => item.type === 'question')
    const approvals = items.filter((item) => item.type === 'approval').map((item) => item.id)
    const standing = await runs().standing(sessionId, [...new Set([...(row.runId ? [row.runId] : []), ...activeRunsIn(doc)])])
    const questions = Object.fromEntries(
      asked.map(({ id, status, answers, answeredBy }) => [id, { status, ...(answers && { answers }), ...(answeredBy && { answeredBy }) }]),
    )
    const states = { ...questions, ...(await approvalPort?.statesOf(sessionId, approvals)) }
    const truth = { items, queue: await listQueue(db, sessionId), states, ...standing }
    doc.transact(() => level(doc, truth))
  })
  documents.onLoad('project', async ({ projectId }, doc) => {
    const summaries = (await listSummaries(db, projectId, projectLimits.sessions)).slice(0, projectLimits.sessions)
    doc.transact(() => levelSummaries(doc, summaries))
  })

  async function get(id: SessionId): Promise<SessionSummary> {
    const summary = await readSummary(db, id)
    if (!summary) throw new AppError('not_found', 'This session does not exist.')
    return summary
  }

  return {
    events,
    publish,
    publishSummary,
    connect(ports: { runs: RunPort; approvals: ApprovalPort }): void {
      runPort = ports.runs
      approvalPort = ports.approvals
    },
    /** Shows what was committed so far, while documents can still be written. */
    async stop(): Promise<void> {
      await Promise.all([publish.allSettled(), stopSummaries()])
    },
    ...createSending({ ...deps, publish, publishSummary, runs }),
    ...createQuestions({ ...deps, publish, publishSummary, runs }),
    ...createPins(deps),

    /** The project a session belongs to; undefined when there is no such session. */
    async projectOf(id: SessionId): Promise<ProjectId | undefined> {
      const [row] = await db.select({ projectId: sessions.projectId }).from(sessions).where(eq(sessions.id, id))
      return row?.projectId
    },

    get,

    async list(
      projectId: ProjectId,
      limit: number,
      which: { before?: number | undefined; archived?: boolean } = {},
    ): Promise<{ sessions: SessionSummary[]; nextBefore: number | null }> {
      const found = await listSummaries(db, projectId, limit, which)
      return { sessions: found, nextBefore: found.length >= limit ? (found.at(-1)?.updatedAt ?? null) : null }
    },

    /** The same id again answers the session that exists; @throws `conflict` when it is another project's, or when they have made as many as they may. */
    async create(projectId: ProjectId, by: Person, wanted: { id?: SessionId; title?: string }): Promise<SessionSummary> {
      const now = clock.now()
      const id = wanted.id ?? newId<SessionId>('ses', now)
      const title = cleanText(wanted.title ?? untitled)
      await inTurn(by.id, () =>
        database.transaction(async (tx) => {
          const row = { id, projectId, title, createdBy: by.id, createdAt: now, updatedAt: now }
          const made = await tx.insert(sessions).values(row).onConflictDoNothing().returning({ id: sessions.id })
          if (made.length === 0 || (await tx.$count(sessions, eq(sessions.createdBy, by.id))) <= personLimits.sessions) return
          throw new AppError(
            'conflict',
            `You have made ${personLimits.sessions} sessions, which is as many as one person may have. Delete some you no longer need.`,
          )
        }),
      )
      const summary = await get(id)
      if (summary.projectId !== projectId) throw new AppError('conflict', 'This id belongs to another session.')
      await publishSummary(id)
      return summary
    },

    /** Renames it, puts it away or takes it back. Only a new title counts as activity. */
    async update(id: SessionId, { title, archived }: { title?: string; archived?: boolean }): Promise<SessionSummary> {
      const now = clock.now()
      await updateSession(db, id, {
        ...(title !== undefined && { title: cleanText(title), updatedAt: now }),
        ...(archived !== undefined && { archivedAt: archived ? now : null }),
      })
      const summary = await get(id)
      await publishSummary(id)
      return summary
    },

    /** Its run is cancelled; its items, queue and document go with it. */
    async remove(id: SessionId, by: Person): Promise<void> {
      const { projectId } = await get(id)
      await runs().cancelSession(id, by)
      await publish.settled(id)
      await db.delete(sessions).where(eq(sessions.id, id))
      await documents.remove([{ kind: 'session', sessionId: id }])
      await documents.write({ kind: 'project', projectId }, (doc) => dropSummary(doc, id))
    },

    /** @throws `not_found` for an item that the session does not have */
    async items(id: SessionId, limit: number, place: ItemPlace = {}): Promise<ItemPage> {
      return readPage(db, id, limit, place)
    },

    search: (id: SessionId, query: string, limit: number, before?: number): Promise<ItemMatches> =>
      searchItems(database, id, cleanText(query), limit, before),

    searchAll: (by: UserId, query: string, where: SearchIn) => searchSessions(database, clock, by, cleanText(query), where),

    /** @throws `conflict` when it was already read. */
    async editQueued(sessionId: SessionId, id: ItemId, by: Person, patch: QueueEdit): Promise<QueuedMessage> {
      const { edited, runId } = await database.transaction(async (tx) => {
        const session = await lockSession(tx, sessionId)
        const before = session && (await editQueued(tx, sessionId, id, {}))
        if (!session || !before) throw new AppError('conflict', 'This message was already read or removed.')
        const text = patch.text === undefined ? undefined : cleanText(patch.text)
        const foreign = text !== undefined && text !== before.text && by.id !== before.author.id
        const edited = await editQueued(tx, sessionId, id, {
          ...(text !== undefined && { text }),
          ...(patch.mode && { mode: patch.mode }),
          ...(foreign && { editedBy: by.id }),
        })
        if (patch.before !== undefined) await placeQueued(tx, sessionId, id, patch.before)
        return { edited: edited ?? before, runId: (await runs().activeRun(tx, session, before.agentId))?.id }
      })
      await publish.show(sessionId, [publish.queueOf(sessionId)])
      if (runId && patch.mode) runs().queued(runId)
      return edited
    },

    /** @throws `conflict` when it was already read. */
    async removeQueued(sessionId: SessionId, id: ItemId): Promise<void> {
      const removed = await database.transaction(async (tx) => {
        await lockSession(tx, sessionId)
        return removeQueued(tx, sessionId, id)
      })
      if (!removed) throw new AppError('conflict', 'This message was already read or removed.')
      await publish.show(sessionId, [publish.queueOf(sessionId)])
    },
  }
}
