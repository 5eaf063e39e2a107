import type { Approval } from '#shared/approvals/schema.ts'
import { AppError } from '#shared/base/errors.ts'
import type { AgentId, ItemId, RunId, StepId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { sessionLimits } from '#shared/sessions/doc.ts'
import type { Db } from '../db/port.ts'
import { cleanText } from '../sessions/clean.ts'
import type { Person } from '../sessions/port.ts'
import { insertQueued, listQueue } from '../sessions/queue.ts'
import type { Changes } from '../sessions/changes.ts'
import type { NewItem, SessionRow } from '../sessions/store.ts'
import type { RunDeps } from './deps.ts'
import type { Dispatcher } from './dispatcher.ts'
import { beginRun } from './lifecycle.ts'
import type { RunProjection } from './run-projection.ts'
import { activeRun, changeRun, findRun, insertSteps } from './store.ts'

/**
 * A call that nobody decided in time, asked for again, within the transaction that notes it. The model was told long ago that it did
 * not run, so nothing can be put into the turn that asked for it:
 *   none goes on     a run begins, for this person, whose first turn is the call with the arguments as the agent asked for them. It is
 *                    judged by the rules of now, runs at most once, and the model goes on from its result.
 *   its run goes on  the agent is asked by a message that steers.
 */
export function createReRequest(deps: RunDeps, projection: RunProjection, dispatcher: Dispatcher) {
  const { clock } = deps

  async function steer(tx: Db, session: SessionRow, agentId: AgentId, by: Person, text: string) {
    const waiting = await listQueue(tx, session.id)
    if (waiting.length >= sessionLimits.queue)
      throw new AppError('rate_limited', `The queue is full (${sessionLimits.queue} messages). Remove one or stop the run.`)
    const createdAt = Math.max(clock.now(), (waiting.at(-1)?.createdAt ?? 0) + 1)
    const id = newId<ItemId>('itm', createdAt)
    await insertQueued(tx, { id, sessionId: session.id, authorId: by.id, agentId, text: cleanText(text), mode: 'steer', replyTo: null, createdAt })
    return { items: [], shown: () => [deps.sessions.publish.queueOf(session.id)], after: () => undefined }
  }

  return async (
    tx: Db,
    session: SessionRow,
    approval: Approval,
    by: Person,
    text: string = `Nobody decided in time about: ${approval.title}. Please ask for it again.`,
  ): Promise<{ items: NewItem[]; runId?: RunId; shown?(): Changes; after(): void }> => {
    const { agentId, agentName } = approval.requestedBy
    if (await activeRun(tx, session.id, agentId)) return steer(tx, session, agentId, by, text)
    const now = clock.now()
    const asked = await findRun(tx, approval.runId)
    const begun = await beginRun(tx, deps, {
      session,
      agent: { id: agentId, name: agentName },
      by,
      trigger: { kind: 'approval', approvalId: approval.id },
      model: asked?.model ?? undefined,
    })
    const row = await changeRun(tx, begun.row, { turn: 1 })
    const stepId = newId<StepId>('stp', now)
    await insertSteps(tx, [
      {
        id: stepId,
        runId: row.id,
        turn: 1,
        index: 1,
        kind: 'tool',
        itemId: newId<ItemId>('itm', now),
        callId: `call_${stepId.slice(4).replaceAll('-', '')}`,
        name: approval.tool,
        args: approval.editedBy ? approval.asked : approval.args,
        status: 'queued',
        causedBy: by.id,
        createdAt: now,
      },
    ])
    const after = () => {
      projection.people.know(by.id, by.name)
      dispatcher.take(row.id, row)
    }
    return { items: [begun.started], runId: row.id, after }
  }
}
