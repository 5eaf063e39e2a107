import { AppError } from '#shared/base/errors.ts'
import type { RunId, StepId } from '#shared/base/ids.ts'
import type { Run } from '#shared/runs/schema.ts'
import type { Person } from '../sessions/port.ts'
import { appendItems, lockSession } from '../sessions/store.ts'
import type { NewItem, SessionRow } from '../sessions/store.ts'
import type { Db } from '../db/port.ts'
import type { RunDeps } from './deps.ts'
import type { Dispatcher } from './dispatcher.ts'
import { byPerson, runEvent } from './events.ts'
import { createCancelling } from './cancel.ts'
import { stoppedBy } from './close-steps.ts'
import type { RunProjection } from './run-projection.ts'
import { changeRun, changeStep, findRun, findStep, lockRun } from './store.ts'
import type { RunPatch, RunRow } from './store.ts'
import { isFinal } from './transitions.ts'

export type Control = ReturnType<typeof createControl>

/** What people do to a run. */
export function createControl(deps: RunDeps, projection: RunProjection, dispatcher: Dispatcher) {
  const { database, sessions, clock } = deps

  const missing = () => new AppError('not_found', 'This run does not exist.')

  type Change = { patch: RunPatch; items?: NewItem[] } | undefined

  /** One change of a run by a person, then shown. `decide` gives undefined when nothing is to be done. */
  async function change(
    runId: RunId,
    decide: (tx: Db, run: RunRow, session: SessionRow) => Promise<Change>,
  ): Promise<{ row: RunRow; changed: boolean }> {
    const known = await findRun(database.db, runId)
    if (!known) throw missing()
    const done = await database.transaction(async (tx) => {
      const session = await lockSession(tx, known.sessionId)
      const run = session && (await lockRun(tx, runId))
      if (!session || !run) throw missing()
      const wanted = await decide(tx, run, session)
      if (!wanted) return { row: run, stored: [], changed: false }
      const stored = await appendItems(tx, session.id, wanted.items ?? [], clock.now())
      return { row: await changeRun(tx, run, wanted.patch), stored, changed: true }
    })
    if (done.changed) {
      void sessions.publish.show(known.sessionId, [{ kind: 'items', items: done.stored }, projection.changed(done.row)])
    }
    return done
  }

  return {
    async get(runId: RunId): Promise<Run> {
      const row = await findRun(database.db, runId)
      if (!row) throw missing()
      return projection.describe(row)
    },

    cancel: createCancelling(deps, projection, dispatcher),

    /**
     * Ends one running call: it is cancelled, the model is told, and the run goes on. Stored before it is done, so that a call which is
     * taken up again after a crash, or runs in another process, is ended there. One that has ended stays as it is.
     * @throws AppError `not_found` for no call of the run; `conflict` for one that has not begun
     */
    async stopStep(runId: RunId, stepId: StepId, by: Person): Promise<void> {
      const known = await findRun(database.db, runId)
      if (!known) throw missing()
      const error = stoppedBy(by.name)
      const running = await database.transaction(async (tx) => {
        const run = (await lockSession(tx, known.sessionId)) && (await lockRun(tx, runId))
        const step = run && (await findStep(tx, stepId))
        if (step?.runId !== runId || step.kind !== 'tool') throw new AppError('not_found', 'The run has no such step.')
        if (step.finishedAt !== null) return false
        if (step.status !== 'running') throw new AppError('conflict', 'This step has not started.')
        await changeStep(tx, stepId, { error })
        return true
      })
      if (running) dispatcher.execution(runId)?.steps.stopCall(stepId, error)
    },

    /** Pauses after the current step; a run that waits or has not begun, at once. Again: nothing changes. */
    async pause(runId: RunId, by: Person): Promise<Run> {
      const known = await findRun(database.db, runId)
      if (!known) throw missing()
      const name = known.agentName
      const { row } = await change(runId, async (_tx, run) => {
        if (isFinal(run.status)) throw new AppError('conflict', 'This run has already ended.')
        if (run.status === 'paused' || run.pauseRequested) return undefined
        const later = run.status === 'running' && dispatcher.isExecuting(runId)
        const text = later ? `${by.name} paused ${name}. The current step finishes first.` : `${by.name} paused ${name}.`
        const items = [runEvent(runId, 'run_paused', text, clock.now(), { by: byPerson(by), detail: { agent: name, afterStep: later } })]
        return { items, patch: later ? { pauseRequested: true } : { status: 'paused' } }
      })
      return projection.describe(row)
    },

    /** Goes on with a paused run, or takes back a pause that has not begun. A run that is not paused is answered as it is. */
    async resume(runId: RunId, by: Person): Promise<Run> {
      const known = await findRun(database.db, runId)
      if (!known) throw missing()
      const name = known.agentName
      const { row, changed } = await change(runId, async (_tx, run) => {
        if (isFinal(run.status)) throw new AppError('conflict', 'This run has already ended.')
        if (run.status !== 'paused' && !run.pauseRequested) return undefined
        const items = [runEvent(runId, 'run_resumed', `${by.name} resumed ${name}.`, clock.now(), { by: byPerson(by), detail: { agent: name } })]
        return { items, patch: run.status === 'paused' ? { status: 'running' } : { pauseRequested: false } }
      })
      if (changed && row.status === 'running') dispatcher.take(runId)
      return projection.describe(row)
    },
  }
}
