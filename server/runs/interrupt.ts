import type { RunId } from '#shared/base/ids.ts'
import { listQueue } from '../sessions/queue.ts'
import { appendItems, lockSession } from '../sessions/store.ts'
import { closeSteps } from './close-steps.ts'
import type { RunDeps } from './deps.ts'
import type { Dispatcher } from './dispatcher.ts'
import { byPerson, runEvent } from './events.ts'
import type { RunProjection } from './run-projection.ts'
import { agentOf } from './state.ts'
import { findRun, lockRun, openSteps } from './store.ts'
import type { RunRow } from './store.ts'
import { isFinal } from './transitions.ts'
import { wakeRun } from './waits.ts'

/**
 * An interrupting message for a run that waits: what it waits for is withdrawn and the run goes on with the message. One that is
 * executed here has its step aborted. Where another process has the room, that one does it.
 */
export function createInterrupting(deps: RunDeps, projection: RunProjection, dispatcher: Dispatcher) {
  const { database, sessions, approvals, clock } = deps

  async function interruptHere(known: RunRow): Promise<void> {
    const { id: runId } = known
    const by = (await listQueue(database.db, known.sessionId, known.agentId)).findLast((message) => message.mode === 'interrupt')?.author
    if (!by) return
    dispatcher.execution(runId)?.steps.interrupt()
    const agent = agentOf(known)
    const done = await database.transaction(async (tx) => {
      const session = await lockSession(tx, known.sessionId)
      const run = session && (await lockRun(tx, runId))
      if (!session || run?.status !== 'waiting') return undefined
      const text = `${by.name} interrupted ${agent.name}.`
      const open = await openSteps(tx, runId)
      const settled = await closeSteps(tx, deps, agent, open, new Map(), { status: 'cancelled', code: 'interrupted', message: text })
      const note = runEvent(runId, 'run_interrupted', text, clock.now(), { by: byPerson(by), detail: { agent: agent.name } })
      const stored = await appendItems(tx, session.id, [...settled.items, note], clock.now())
      return { settled, stored, run: await wakeRun(tx, runId) }
    })
    if (!done) return
    void sessions.publish.show(known.sessionId, [
      { kind: 'items', items: done.stored },
      ...done.settled.changes,
      ...done.settled.approvals.map(approvals.shown),
      ...(done.run ? [projection.changed(done.run)] : []),
    ])
    if (done.run) dispatcher.take(done.run.id)
  }

  return async function interrupt(runId: RunId): Promise<void> {
    const known = await findRun(database.db, runId)
    if (!known || isFinal(known.status)) return
    const hold = await deps.leases.tryHold(known.projectId)
    await (hold && interruptHere(known).finally(hold.release))
  }
}
