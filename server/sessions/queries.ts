import { and, desc, eq, sql, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import type { CopiesOfNames } from '../db/copies-of-names.ts'
import type { Database, Db } from '../db/port.ts'
import type { ResourceRows } from '../db/resource-rows.ts'
import { items, queuedMessages, sessionPins, sessions } from './table.ts'

export const sessionRows = {
  stored: { table: sessions, id: sessions.id, projectId: sessions.projectId },
  given: { sessionId: sessions.id },
} satisfies ResourceRows

export const namesInSessions: CopiesOfNames[] = [
  { table: items, column: items.data, project: sql`(select s.project_id from ${sessions} s where s.id = t.session_id)` },
]

export async function sessionIds(db: Db, projectId: ProjectId): Promise<SessionId[]> {
  return (await db.select({ id: sessions.id }).from(sessions).where(eq(sessions.projectId, projectId))).map(({ id }) => id)
}

/** Whether there is this session in this project. */
export const hasSession = async (db: Db, projectId: ProjectId, id: SessionId): Promise<boolean> =>
  (await db.$count(sessions, and(eq(sessions.projectId, projectId), eq(sessions.id, id)))) > 0

/** The session of a project in which something happened last; undefined where there is none. */
export async function lastUsedSession(db: Db, projectId: ProjectId): Promise<SessionId | undefined> {
  const [last] = await db
    .select({ id: sessions.id })
    .from(sessions)
    .where(eq(sessions.projectId, projectId))
    .orderBy(desc(sessions.updatedAt))
    .limit(1)
  return last?.id
}

/** Within a query: whether a message waits that interrupts what this agent does in this session. */
export const hasInterrupt = (sessionId: PgColumn, agentId: PgColumn): SQL<boolean> =>
  sql<boolean>`exists (select 1 from ${queuedMessages} q where q.session_id = ${sessionId} and q.agent_id = ${agentId} and q.mode = 'interrupt')`

/** Sessions of a project in which the person's id or one of the words stands, or a message of theirs waits. */
export async function sessionsNaming(database: Database, projectId: ProjectId, userId: UserId, word: string): Promise<SessionId[]> {
  const found = await database.rows<{ id: SessionId }>(sql`
    select s.id from ${sessions} s where s.project_id = ${projectId} and (
      exists (select 1 from ${queuedMessages} q where q.session_id = s.id and ${userId} in (q.author_id, q.edited_by))
      or exists (select 1 from ${items} i where i.session_id = s.id and (strpos(i.data::text, ${userId}) > 0 or strpos(i.data::text, ${word}) > 0))
    )`)
  return found.map(({ id }) => id)
}

export const deletePins = (tx: Db, userId: UserId) => tx.delete(sessionPins).where(eq(sessionPins.userId, userId))
