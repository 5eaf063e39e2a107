import { sql } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { AgentId, ItemId, RunId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { sessionLimits } from '#shared/sessions/doc.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { NewMessage } from '#shared/sessions/schema.ts'
import type { Db } from '../db/port.ts'
import { addressee } from '#shared/sessions/addressing.ts'
import { cleanText } from './clean.ts'
import type { Person, RunPort } from './port.ts'
import type { Publisher } from './publisher.ts'
import { findQueued, insertQueued, listQueue } from './queue.ts'
import type { SessionDeps } from './service.ts'
import { appendItems, findItem, lockSession, updateSession } from './store.ts'
import type { NewItem, SessionRow } from './store.ts'
import { titleFrom, untitled } from './title.ts'

type RoomAgent = { id: AgentId; name: string }
type Accepted = { itemId: ItemId; runId?: RunId }

export function createSending(deps: SessionDeps & { publish: Publisher; publishSummary(id: SessionId): Promise<void>; runs(): RunPort }) {
  const { database, documents, clock, publish, publishSummary } = deps

  /** What was answered before, when this id was already accepted. Until the transaction ends nobody else can use the id, in any session. */
  async function knownMessage(tx: Db, session: SessionRow, id: ItemId, by: Person): Promise<Accepted | undefined> {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${id}, 0))`)
    const item = await findItem(tx, id)
    const queued = item ? undefined : await findQueued(tx, id)
    const known = item ?? queued
    if (!known) return undefined
    const author = item ? item.data.type === 'message' && item.data.author.id : queued?.authorId
    if (known.sessionId !== session.id || author !== by.id) throw new AppError('conflict', 'This id belongs to another message.')
    const runId = item ? item.runId : queued && (await deps.runs().activeRun(tx, session, queued.agentId))?.id
    return { itemId: id, ...(runId && { runId }) }
  }

  /**
   * Accepts a message: stored when this resolves. To people it is an item and nothing more. To the agent it begins a run,
   * or waits in the queue of the one that is active.
   * @throws AppError `conflict` for the id of another message, `invalid_input` for a model that is not offered, `rate_limited`
   *   when the queue is full, `not_found` for an agent that is not in the room
   */
  async function send(sessionId: SessionId, by: Person, message: NewMessage): Promise<Accepted> {
    const agents = await deps.runs().agents()
    const id = message.id ?? newId<ItemId>('itm', clock.now())
    const refused = message.model === undefined ? undefined : await deps.runs().refuseModel(message.model)
    const done = await database.transaction(async (tx) => {
      const session = await lockSession(tx, sessionId)
      if (!session) throw new AppError('not_found', 'This session does not exist.')
      const known = message.id && (await knownMessage(tx, session, id, by))
      if (known) return { answer: known, after: () => undefined }
      if (refused) throw refused
      const replied = message.replyTo && message.to !== 'people' ? await findItem(tx, message.replyTo) : undefined
      const to = addressee(message, {
        alone: documents.peopleIn(session.projectId).every((person) => person === by.id),
        agents,
        repliesTo: replied?.sessionId === sessionId ? agentBehind(replied.data) : undefined,
      })
      if (!to) throw new AppError('not_found', `There is no agent "${message.to}" here.`)
      const titled = session.title === untitled && session.lastSeq === 0 ? titleFrom(cleanText(message.text)) : undefined
      if (titled) await updateSession(tx, sessionId, { title: titled })
      const returns = session.archivedAt !== null
      if (returns) await updateSession(tx, sessionId, { archivedAt: null })
      const now = clock.now()
      const item: NewItem = {
        type: 'message',
        id,
        author: { kind: 'user', ...by },
        text: message.text,
        ...(message.mode && { mode: message.mode }),
        ...(to === 'people' ? { to } : { to: 'agent', agentId: to.id }),
        ...(message.replyTo && { replyTo: message.replyTo }),
        ...(message.model !== undefined && { model: message.model }),
        ...(message.attachments && { attachments: message.attachments }),
        createdAt: now,
        finishedAt: now,
      }
      const sent = to === 'people' ? await toPeople(tx, session, item) : await toAgent(tx, session, to, item, by, message)
      return {
        ...sent,
        after() {
          sent.after()
          if (returns) void publishSummary(sessionId)
        },
      }
    })
    done.after()
    return done.answer
  }

  async function toPeople(tx: Db, session: SessionRow, item: NewItem) {
    const stored = await appendItems(tx, session.id, [item], clock.now())
    return { answer: { itemId: item.id }, after: () => show(session.id, stored) }
  }

  async function toAgent(tx: Db, session: SessionRow, agent: RoomAgent, item: NewItem, by: Person, message: NewMessage) {
    const active = await deps.runs().activeRun(tx, session, agent.id)
    if (!active) {
      const begun = await deps.runs().begin(tx, session, agent, by, { id: item.id, model: message.model })
      const stored = await appendItems(tx, session.id, [{ ...item, runId: begun.runId }, ...begun.items], clock.now())
      const after = () => {
        begun.after()
        show(session.id, stored)
      }
      return { answer: { itemId: item.id, runId: begun.runId }, after }
    }
    const waiting = await listQueue(tx, session.id)
    if (waiting.length >= sessionLimits.queue)
      throw new AppError('rate_limited', `The queue is full (${sessionLimits.queue} messages). Remove one or stop the run.`)
    // Accepted in the same millisecond, they still keep their order.
    const createdAt = Math.max(clock.now(), (waiting.at(-1)?.createdAt ?? 0) + 1)
    await insertQueued(tx, {
      id: item.id,
      sessionId: session.id,
      authorId: by.id,
      agentId: agent.id,
      text: cleanText(message.text),
      mode: message.mode ?? 'queue',
      replyTo: message.replyTo ?? null,
      model: message.model ?? null,
      attachments: message.attachments ?? null,
      createdAt,
    })
    const after = () => {
      void publish.show(session.id, [publish.queueOf(session.id)])
      deps.runs().queued(active.id)
    }
    return { answer: { itemId: item.id, runId: active.id }, after }
  }

  function show(sessionId: SessionId, stored: Item[]): void {
    void publish.show(sessionId, [{ kind: 'items', items: stored }])
    void publishSummary(sessionId)
  }

  return { send }
}

/** The agent that said, did or asked for something. */
function agentBehind(item: Item): AgentId | undefined {
  if (item.type === 'approval') return item.approval.requestedBy.agentId
  return item.type !== 'event' && item.author.kind === 'agent' ? item.author.id : undefined
}
