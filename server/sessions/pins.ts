import { and, eq } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import { maxPins, type SessionSummary } from '#shared/sessions/schema.ts'
import type { Clock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import { listPinned } from './store.ts'
import { sessionPins, sessions } from './table.ts'

/** What a person keeps at the top of their lists. Theirs alone: nobody else sees it. */
export function createPins({ database, clock }: { database: Database; clock: Clock }) {
  const { db } = database
  return {
    pins: (projectId: ProjectId, by: UserId): Promise<SessionSummary[]> => listPinned(db, projectId, by, maxPins),

    /** Idempotent. @throws AppError `rate_limited` past `maxPins` of a project */
    async pin(id: SessionId, by: UserId): Promise<void> {
      const [session] = await db.select({ projectId: sessions.projectId }).from(sessions).where(eq(sessions.id, id))
      if (!session) throw new AppError('not_found', 'This session does not exist.')
      const held = await listPinned(db, session.projectId, by, maxPins)
      if (held.some((one) => one.id === id)) return
      if (held.length >= maxPins) throw new AppError('rate_limited', `at most ${maxPins} sessions of a project can be pinned; unpin one first`)
      await db.insert(sessionPins).values({ userId: by, sessionId: id, createdAt: clock.now() }).onConflictDoNothing()
    },

    /** Idempotent. */
    async unpin(id: SessionId, by: UserId): Promise<void> {
      await db.delete(sessionPins).where(and(eq(sessionPins.sessionId, id), eq(sessionPins.userId, by)))
    },
  }
}
