import { AppError } from '#shared/base/errors.ts'
import type { ItemId, RunId } from '#shared/base/ids.ts'
import type { Run } from '#shared/runs/schema.ts'
import type { Person } from '../sessions/port.ts'
import { liveTexts } from '../sessions/projection.ts'
import { appendItems, lockSession } from '../sessions/store.ts'
import type { LiveTexts } from './close-steps.ts'
import type { RunDeps } from './deps.ts'
import type { Dispatcher } from './dispatcher.ts'
import { byPerson, runEvent } from './events.ts'
import { endRun } from './lifecycle.ts'
import type { RunProjection } from './run-projection.ts'
import { findRun, lockRun, openSteps } from './store.ts'
import type { RunRow } from './store.ts'
import { isFinal } from './transitions.ts'

const missing = () => new AppError('not_found', 'This run does not exist.')

/** How people end a run. */
export function createCancelling(deps: RunDeps, projection: RunProjection, dispatcher: Dispatcher) {
  const { database, sessions, clock } = deps

  /** What the run's open items hold now. */
  async function readLive(row: RunRow): Promise<LiveTexts> {
    const open = await openSteps(database.db, row.id)
    const texts = new Map<ItemId, { text: string; reasoning: string }>()
    if (open.length === 0) return texts
    dispatcher.execution(row.id)?.writer.flush()
    try {
      const document = await deps.documents.open({ kind: 'session', sessionId: row.sessionId })
      for (const step of open) texts.set(step.itemId, liveTexts(document.doc, step.itemId))
      await document.close()
    } catch (error) {
      deps.log.warn({ runId: row.id, err: error }, 'the session document cannot be read now')
    }
    return texts
  }

  /**
   * Ends a run for good: its command is killed, what it said so far stays, what waits for people is withdrawn. A run that has
   * ended is answered as it is. `final`: messages that wait do not begin another run.
   */
  return async function cancel(runId: RunId, by: Person, { final = false } = {}): Promise<Run> {
    const known = await findRun(database.db, runId)
    if (!known) throw missing()
    if (isFinal(known.status)) return projection.describe(known)
    dispatcher.execution(runId)?.steps.end()
    const texts = await readLive(known)
    const done = await database.transaction(async (tx) => {
      const session = await lockSession(tx, known.sessionId)
      const run = session && (await lockRun(tx, runId))
      if (!session || !run) throw missing()
      if (isFinal(run.status)) return { row: run }
      const agent = run.agentName
      const item = runEvent(runId, 'run_cancelled', `${by.name} stopped ${agent}.`, clock.now(), { by: byPerson(by), detail: { agent } })
      const cut = { code: 'cancelled', message: `${by.name} stopped the run.`, texts }
      const ended = await endRun(tx, deps, run, { status: 'cancelled', item, cut, isLast: final })
      return { row: ended.run, ended, stored: await appendItems(tx, session.id, ended.items, clock.now()) }
    })
    if (done.ended) {
      void sessions.publish.show(known.sessionId, [{ kind: 'items', items: done.stored }, ...projection.ended(done.ended)])
      dispatcher.goOnAfter(done.ended)
    }
    return projection.describe(done.row)
  }
}
