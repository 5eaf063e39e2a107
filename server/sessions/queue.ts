import { and, asc, eq, inArray } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { AgentId, ItemId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import type { MessageMode, QueuedMessage } from '#shared/sessions/schema.ts'
import { nameOf } from '../auth/queries.ts'
import { logFields } from '../base/log-fields.ts'
import type { Db } from '../db/port.ts'
import type { NewItem } from './store.ts'
import { queuedMessages } from './table.ts'

const select = (db: Db) =>
  db
    .select({
      id: queuedMessages.id,
      authorId: queuedMessages.authorId,
      authorName: nameOf(queuedMessages.authorId),
      agentId: queuedMessages.agentId,
      text: queuedMessages.text,
      mode: queuedMessages.mode,
      replyTo: queuedMessages.replyTo,
      model: queuedMessages.model,
      attachments: queuedMessages.attachments,
      createdAt: queuedMessages.createdAt,
      editorId: queuedMessages.editedBy,
      editorName: nameOf(queuedMessages.editedBy),
    })
    .from(queuedMessages)

type Row = Awaited<ReturnType<typeof select>>[number]

/** A message that waits, with the agent that it waits for. */
export type Queued = QueuedMessage & { agentId: AgentId }

const toQueued = (row: Row): Queued => ({
  id: row.id,
  author: { kind: 'user', id: row.authorId, name: row.authorName },
  agentId: row.agentId,
  text: row.text,
  mode: row.mode,
  createdAt: row.createdAt,
  ...(row.replyTo !== null && { replyTo: row.replyTo }),
  ...(row.model !== null && { model: row.model }),
  ...(row.attachments !== null && { attachments: row.attachments }),
  ...(row.editorId && row.editorName !== null && { editedBy: { id: row.editorId, name: row.editorName } }),
})

/** Which messages: those that wait in a session, for one agent where it is given. */
const waitingFor = (sessionId: SessionId, agentId?: AgentId) =>
  and(eq(queuedMessages.sessionId, sessionId), agentId === undefined ? undefined : eq(queuedMessages.agentId, agentId))

/** Messages that wait in a session, or there for one agent, in the order in which they were accepted. */
export async function listQueue(db: Db, sessionId: SessionId, agentId?: AgentId): Promise<Queued[]> {
  const rows = await select(db).where(waitingFor(sessionId, agentId)).orderBy(asc(queuedMessages.createdAt), asc(queuedMessages.id))
  return rows.map(toQueued)
}

export async function findQueued(db: Db, id: ItemId) {
  const [row] = await db.select().from(queuedMessages).where(eq(queuedMessages.id, id))
  return row
}

/** Accepted by the request that is being served. */
export async function insertQueued(tx: Db, row: Omit<typeof queuedMessages.$inferInsert, 'requestId'>): Promise<void> {
  await tx.insert(queuedMessages).values({ ...row, requestId: logFields().requestId ?? null })
}

/** Changes a message that still waits; undefined when it no longer does. */
export async function editQueued(tx: Db, sessionId: SessionId, id: ItemId, patch: { text?: string; mode?: MessageMode; editedBy?: UserId }) {
  if (Object.keys(patch).length > 0) {
    await tx
      .update(queuedMessages)
      .set(patch)
      .where(and(eq(queuedMessages.id, id), eq(queuedMessages.sessionId, sessionId)))
  }
  const [row] = await select(tx).where(and(eq(queuedMessages.id, id), eq(queuedMessages.sessionId, sessionId)))
  return row && toQueued(row)
}

/**
 * Puts a message that waits before another one, or last. The times at which messages were accepted are what orders them: they
 * are dealt out anew, so that none is made up.
 */
export async function placeQueued(tx: Db, sessionId: SessionId, id: ItemId, before: ItemId | null): Promise<void> {
  const waiting = await listQueue(tx, sessionId)
  const moved = waiting.find((message) => message.id === id)
  const others = waiting.filter((message) => message !== moved)
  const at = before === null ? others.length : others.findIndex((message) => message.id === before)
  if (!moved || at < 0) throw new AppError('conflict', 'This message was already read or removed.')
  for (const [place, message] of others.toSpliced(at, 0, moved).entries()) {
    const createdAt = waiting[place]?.createdAt ?? message.createdAt
    if (createdAt !== message.createdAt) await tx.update(queuedMessages).set({ createdAt }).where(eq(queuedMessages.id, message.id))
  }
}

export async function removeQueued(tx: Db, sessionId: SessionId, id: ItemId): Promise<boolean> {
  const gone = await tx
    .delete(queuedMessages)
    .where(and(eq(queuedMessages.id, id), eq(queuedMessages.sessionId, sessionId)))
    .returning({ id: queuedMessages.id })
  return gone.length > 0
}

/** When and by which request something was accepted. */
export type Accepted = { at: number; requestId: string | null }

/** Of the message that an agent reads next. */
export async function firstAccepted(tx: Db, sessionId: SessionId, agentId: AgentId): Promise<Accepted | undefined> {
  const [row] = await tx
    .select({ at: queuedMessages.createdAt, requestId: queuedMessages.requestId })
    .from(queuedMessages)
    .where(waitingFor(sessionId, agentId))
    .orderBy(asc(queuedMessages.createdAt), asc(queuedMessages.id))
    .limit(1)
  return row
}

/** Takes an agent's messages out of its queue to be read by a run of its: their items, in order. All modes unless given. */
export async function takeQueued(
  tx: Db,
  reader: { sessionId: SessionId; agentId: AgentId; runId: RunId },
  now: number,
  modes?: MessageMode[],
): Promise<NewItem[]> {
  const rows = await select(tx)
    .where(and(waitingFor(reader.sessionId, reader.agentId), modes ? inArray(queuedMessages.mode, modes) : undefined))
    .orderBy(asc(queuedMessages.createdAt), asc(queuedMessages.id))
  if (rows.length === 0) return []
  await tx.delete(queuedMessages).where(
    inArray(
      queuedMessages.id,
      rows.map((row) => row.id),
    ),
  )
  return rows.map(toQueued).map((message) => ({
    type: 'message',
    id: message.id,
    runId: reader.runId,
    author: message.author,
    text: message.text,
    mode: message.mode,
    to: 'agent',
    agentId: message.agentId,
    ...(message.replyTo && { replyTo: message.replyTo }),
    ...(message.model !== undefined && { model: message.model }),
    ...(message.attachments && { attachments: message.attachments }),
    createdAt: message.createdAt,
    finishedAt: now,
  }))
}

/** The model that messages which are read together ask for: the last that names one decides. */
export const modelWanted = (read: readonly NewItem[]): string | undefined =>
  read.flatMap((item) => (item.type === 'message' && item.model !== undefined ? [item.model] : [])).at(-1)
