import type { ItemId, StepId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { modelWanted, takeQueued } from '../sessions/queue.ts'
import { runEvent } from './events.ts'
import type { Execution } from './execution.ts'
import { endRun } from './lifecycle.ts'
import { insertSteps } from './store.ts'

export type BegunTurn = { turn: number; stepId: StepId; itemId: ItemId; createdAt: number; model: string }

/** The run was put down, or has ended. */
export type Stopped = 'stopped'

/**
 * Begins a turn: honours a pause, reads the messages that steer or interrupt, and records the model call before it is made,
 * with the model that those messages ask for, or the run's own.
 * Stops at the profile's limit of turns.
 */
export async function beginTurn(execution: Execution): Promise<BegunTurn | Stopped> {
  // Before reading: a message that is committed from here on interrupts what begins now.
  execution.steps.interrupted()
  return execution.commit<BegunTurn | Stopped>(async (tx, run) => {
    const now = execution.deps.clock.now()
    if (run.pauseRequested) return { value: 'stopped', patch: { status: 'paused', pauseRequested: false } }
    const read = await takeQueued(tx, { sessionId: execution.sessionId, agentId: execution.agent.id, runId: execution.runId }, now, [
      'steer',
      'interrupt',
    ])
    const queue = execution.deps.sessions.publish.queueOf(execution.sessionId)
    if (run.turn >= execution.agent.maxTurns) {
      const limit = runEvent(
        execution.runId,
        'turn_limit',
        `${execution.agent.name} reached its limit of ${execution.agent.maxTurns} steps. Say "go on" to continue.`,
        now,
        {
          detail: { agent: execution.agent.name, turns: execution.agent.maxTurns },
        },
      )
      const done = runEvent(execution.runId, 'run_completed', `${execution.agent.name} finished.`, now, { detail: { agent: execution.agent.name } })
      const ended = await endRun(tx, execution.deps, run, { status: 'completed', item: done })
      return { value: 'stopped', items: [...read, limit], ended, changes: [queue] }
    }
    const model = modelWanted(read) ?? execution.model
    const value = { model, turn: run.turn + 1, stepId: newId<StepId>('stp', now), itemId: newId<ItemId>('itm', now), createdAt: now }
    await insertSteps(tx, [
      {
        id: value.stepId,
        runId: execution.runId,
        turn: value.turn,
        index: 0,
        kind: 'model',
        itemId: value.itemId,
        name: model,
        status: 'running',
        causedBy: execution.causedBy.id,
        createdAt: now,
        startedAt: now,
      },
    ])
    return { value, items: read, patch: { turn: value.turn, model, agentVersion: execution.agentVersion }, changes: read.length > 0 ? [queue] : [] }
  })
}
