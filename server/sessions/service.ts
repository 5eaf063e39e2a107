import { eq } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { ItemMatches, ItemPage } from '#shared/sessions/items.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { createTurns } from '../base/budget.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import { personLimits } from '../base/person-limits.ts'
import type { Database } from '../db/port.ts'
import type { Outbox } from '../events/port.ts'
import type { Documents } from '../sync/port.ts'
import { cleanText } from './clean.ts'
import { createSessionEvents } from './events.ts'
import { levelDocuments } from './level-documents.ts'
import type { ApprovalPort, Person, RunPort } from './port.ts'
import { createPublisher } from './publisher.ts'
import { readPage } from './page.ts'
import type { ItemPlace } from './page.ts'
import { createQuestions } from './questions.ts'
import { createPins } from './pins.ts'
import { createQueueEdits } from './queue-edits.ts'
import { searchItems } from './search.ts'
import { searchSessions } from './search-all.ts'
import type { SearchIn } from './search-all.ts'
import { createSending } from './send.ts'
import { dropSummary } from './session-index.ts'
import { createSummaryWriter } from './summary-writer.ts'
import { itemsBetween, listSummaries, readSummary, updateSession } from './store.ts'
import { sessions } from './table.ts'
import { untitled } from './title.ts'

export type SessionDeps = { database: Database; documents: Documents; outbox: Outbox; clock: Clock; log: Logger }

export type Sessions = ReturnType<typeof createSessions>

/** Sessions: their items, queue and documents. `connect` before anything is served. */
export function createSessions(deps: SessionDeps) {
  const { database, documents, outbox, clock, log } = deps
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

  levelDocuments({ database, documents, runs, approvals: () => approvalPort })

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
    ...createQueueEdits({ database, publish, runs }),

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
      await database.transaction(async (tx) => {
        const gone = await tx.delete(sessions).where(eq(sessions.id, id)).returning({ id: sessions.id })
        if (gone.length > 0) await outbox.add(tx, { type: 'session.deleted', projectId, sessionId: id })
      })
      await outbox.delivered(projectId)
      await documents.write({ kind: 'project', projectId }, (doc) => dropSummary(doc, id))
    },

    /** @throws `not_found` for an item that the session does not have */
    async items(id: SessionId, limit: number, place: ItemPlace = {}): Promise<ItemPage> {
      return readPage(db, id, limit, place)
    },

    search: (id: SessionId, query: string, limit: number, before?: number): Promise<ItemMatches> =>
      searchItems(database, id, cleanText(query), limit, before),

    searchAll: (by: UserId, query: string, where: SearchIn) => searchSessions(database, clock, by, cleanText(query), where),
  }
}
