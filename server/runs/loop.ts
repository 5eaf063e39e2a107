import { AppError } from '#shared/base/errors.ts'
import { isDatabaseAway } from '../db/errors.ts'
import { ModelError } from '../models/errors.ts'
import { listQueue } from '../sessions/queue.ts'
import { byPerson, runEvent } from './events.ts'
import type { Execution } from './execution.ts'
import { RunMoved } from './store.ts'
import { StepAborted } from './step-aborts.ts'
import { readStoredItems } from './request/stored-items.ts'
import { endRun } from './lifecycle.ts'
import { breakOff, modelTurn } from './model-turn.ts'
import { recover } from './recover.ts'
import { createRequests } from './request/pipeline.ts'
import { toolPhase } from './tool-phase.ts'
import { beginTurn } from './turn.ts'

/** Executes a run until it ends, waits or pauses, or is not ours any more. Never throws. */
export async function executeRun(execution: Execution): Promise<void> {
  try {
    await turns(execution)
  } catch (error) {
    if (isGone(execution, error)) return
    if (isDatabaseAway(error)) {
      // Nothing is wrong with the run: whoever takes it up again goes on from what was committed.
      execution.log.warn({ err: error }, 'the database went away under a run; it is taken up again')
      return
    }
    try {
      await fail(execution, error)
    } catch (again) {
      if (!isGone(execution, again)) execution.log.error({ err: again }, 'a run could not be ended; it is taken up again by the next sweep')
    }
  }
}

const isGone = (execution: Execution, error: unknown) =>
  execution.steps.ended || error instanceof RunMoved || (error instanceof StepAborted && error.why === 'end')

async function turns(execution: Execution): Promise<void> {
  const build = createRequests(execution, readStoredItems(execution.deps.database.db, execution.sessionId, execution.agent.contextWindow))
  const cutOffs = { count: 0, continued: 0 }
  // Nothing was under way in a run that has just begun.
  let fresh = execution.row.turn === 0
  if (!fresh) {
    await recover(execution)
    await noteOtherVersion(execution)
    // Accepted while nobody executed the run.
    if (await interruptedBy(execution)) execution.steps.interrupt()
  }
  for (;;) {
    try {
      if (!fresh && (await toolPhase(execution)) !== 'done') return
      fresh = false
      const begun = await beginTurn(execution)
      if (begun === 'stopped') return
      if ((await modelTurn(execution, begun, build, cutOffs)) === 'stopped') return
    } catch (error) {
      if (!(error instanceof StepAborted) || error.why !== 'interrupt') throw error
      const by = await interruptedBy(execution)
      const text = `${by?.name ?? 'Someone'} interrupted ${execution.agent.name}.`
      const note = runEvent(execution.runId, 'run_interrupted', text, execution.deps.clock.now(), {
        ...(by && { by: byPerson(by) }),
        detail: { agent: execution.agent.name },
      })
      await breakOff(execution, text, note)
      execution.steps.interrupted()
    }
  }
}

/** The agent has changed since the run began: the run goes on with the agent as it is now. */
async function noteOtherVersion(execution: Execution): Promise<void> {
  const { agent, agentVersion: now, row, deps, runId } = execution
  const before = row.agentVersion
  if (before === null || before === now) return
  const text = `${agent.name} has changed since this run began (version ${before}). It continues with version ${now}.`
  const detail = { agent: agent.name, versions: [before, now] as [string, string] }
  await execution.commit(async () => ({
    value: undefined,
    patch: { agentVersion: now },
    items: [runEvent(runId, 'agent_changed', text, deps.clock.now(), { detail })],
  }))
}

/** Who wrote the interrupting messages that were not read yet. */
async function interruptedBy({ deps, sessionId, agent }: Execution) {
  return (await listQueue(deps.database.db, sessionId, agent.id)).findLast((message) => message.mode === 'interrupt')?.author
}

/** Ends the run with a clear sentence; the session can be used again. */
async function fail(execution: Execution, thrown: unknown): Promise<void> {
  const error = describe(thrown)
  if (error.code === 'internal') execution.log.error({ err: thrown }, 'a run failed unexpectedly')
  const texts = await execution.liveTexts()
  await execution.commit(async (tx, run) => {
    const item = runEvent(execution.runId, 'run_failed', `${execution.agent.name} stopped: ${error.message}`, execution.deps.clock.now(), {
      error,
      detail: { agent: execution.agent.name },
    })
    return { value: undefined, ended: await endRun(tx, execution.deps, run, { status: 'failed', item, error, cut: { ...error, texts } }) }
  })
}

function describe(thrown: unknown): { code: string; message: string } {
  if (thrown instanceof ModelError) return { code: thrown.code, message: thrown.message }
  if (thrown instanceof AppError && thrown.code !== 'internal') return { code: thrown.code, message: thrown.message }
  return { code: 'internal', message: 'Something went wrong on the server.' }
}
