import type { ItemId } from '#shared/base/ids.ts'
import { AppError } from '#shared/base/errors.ts'
import { isDatabaseAway } from '../db/errors.ts'
import { ModelError } from '../models/port.ts'
import { listQueue } from '../sessions/queue.ts'
import { byPerson, runEvent } from './events.ts'
import type { Execution } from './execution.ts'
import { RunMoved } from './store.ts'
import { StepAborted } from './execution.ts'
import { createHistory } from './history.ts'
import { endRun } from './lifecycle.ts'
import { breakOff, modelTurn } from './model-turn.ts'
import { recover } from './recover.ts'
import { createRequests } from './request.ts'
import { closeSteps } from './close-steps.ts'
import { openSteps } from './store.ts'
import type { RunRow } from './store.ts'
import { toolPhase } from './tool-phase.ts'
import { beginTurn } from './turn.ts'

/**
 * Executes a run until it ends, waits or pauses, or is not ours any more. Never throws.
 * @returns the run that reads the messages which waited for this one's end
 */
export async function executeRun(execution: Execution): Promise<RunRow | undefined> {
  try {
    return await turns(execution)
  } catch (error) {
    if (isGone(execution, error)) return undefined
    if (isDatabaseAway(error)) {
      // Nothing is wrong with the run: whoever takes it up again goes on from what was committed.
      execution.log.warn({ err: error }, 'the database went away under a run; it is taken up again')
      return undefined
    }
    try {
      return await fail(execution, error)
    } catch (again) {
      if (!isGone(execution, again)) execution.log.error({ err: again }, 'a run could not be ended; it is taken up again by the next sweep')
      return undefined
    }
  }
}

const isGone = (execution: Execution, error: unknown) =>
  execution.ended || error instanceof RunMoved || (error instanceof StepAborted && error.why === 'end')

async function turns(execution: Execution): Promise<RunRow | undefined> {
  const build = createRequests(execution, createHistory(execution.deps.database.db, execution.sessionId, execution.agent.contextWindow))
  const cutOffs = { count: 0, continued: 0 }
  // Nothing was under way in a run that has just begun.
  let fresh = execution.row.turn === 0
  if (!fresh) {
    await recover(execution)
    // Accepted while nobody executed the run.
    if ((await listQueue(execution.deps.database.db, execution.sessionId)).some((message) => message.mode === 'interrupt')) execution.interrupt()
  }
  for (;;) {
    try {
      if (!fresh && (await toolPhase(execution)) !== 'done') return undefined
      fresh = false
      const begun = await beginTurn(execution)
      if ('stopped' in begun) return begun.next
      const outcome = await modelTurn(execution, begun, build, cutOffs)
      if (typeof outcome === 'object') return outcome.next
    } catch (error) {
      if (!(error instanceof StepAborted) || error.why !== 'interrupt') throw error
      const by = (await listQueue(execution.deps.database.db, execution.sessionId)).findLast((message) => message.mode === 'interrupt')?.author
      const text = `${by?.name ?? 'Someone'} interrupted ${execution.agent.name}.`
      const note = runEvent(execution.runId, 'run_interrupted', text, execution.deps.clock.now(), {
        ...(by && { by: byPerson(by) }),
        detail: { agent: execution.agent.name },
      })
      await breakOff(execution, text, note)
      execution.interrupted()
    }
  }
}

/** Ends the run with a clear sentence; the session can be used again. */
async function fail(execution: Execution, thrown: unknown): Promise<RunRow | undefined> {
  const error = describe(thrown)
  if (error.code === 'internal') execution.log.error({ err: thrown }, 'a run failed unexpectedly')
  const open = await openSteps(execution.deps.database.db, execution.runId)
  const texts = new Map<ItemId, { text: string; reasoning: string }>()
  for (const step of open) texts.set(step.itemId, await execution.writer.texts(step.itemId))
  return execution.commit(async (tx, run) => {
    const settled = await closeSteps(tx, execution.deps, execution.agent, await openSteps(tx, execution.runId), texts, {
      status: 'failed',
      code: error.code,
      message: error.message,
    })
    const item = runEvent(execution.runId, 'run_failed', `${execution.agent.name} stopped: ${error.message}`, execution.deps.clock.now(), {
      error,
      detail: { agent: execution.agent.name },
    })
    const ended = await endRun(tx, execution.deps, run, execution.agent, { status: 'failed', item, error })
    return {
      value: ended.next,
      items: [...settled.items, ...ended.items],
      patch: ended.patch,
      changes: [
        ...settled.changes,
        { kind: 'dropped_of_run', runId: execution.runId, kept: [] },
        execution.deps.sessions.publish.queueOf(execution.sessionId),
      ],
      approvals: settled.approvals,
    }
  })
}

function describe(thrown: unknown): { code: string; message: string } {
  if (thrown instanceof ModelError) return { code: thrown.code, message: thrown.message }
  if (thrown instanceof AppError && thrown.code !== 'internal') return { code: thrown.code, message: thrown.message }
  return { code: 'internal', message: 'Something went wrong on the server.' }
}
