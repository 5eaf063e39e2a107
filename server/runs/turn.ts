import type { ItemId, StepId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { modelWanted, takeQueued } from '../sessions/queue.ts'
import { runEvent } from './events.ts'
import type { Execution } from './execution.ts'
import { endRun, released } from './lifecycle.ts'
import { insertSteps } from './store.ts'
import type { RunRow } from './store.ts'

export type BegunTurn = { turn: number; stepId: StepId; itemId: ItemId; createdAt: number; model: string }

/** `next`: the run that reads the messages which waited for this one's end. */
export type Stopped = { stopped: true; next?: RunRow | undefined }

/**
 * Begins a turn: honours a pause, reads the messages that steer or interrupt, and records the model call before it is made,
 * with the model that those messages ask for, or the run's own.
 * Stops at the profile's limit of turns.
 */
export async function beginTurn(x: Execution): Promise<BegunTurn | Stopped> {
  // Before reading: a message that is committed from here on interrupts what begins now.
  x.interrupted()
  return x.commit<BegunTurn | Stopped>(async (tx, run) => {
    const now = x.deps.clock.now()
    if (run.pauseRequested) return { value: { stopped: true }, patch: { ...released, status: 'paused', pauseRequested: false } }
    const read = await takeQueued(tx, x.sessionId, x.runId, now, ['steer', 'interrupt'])
    const shown = read.length > 0 ? { after: () => void x.deps.sessions.publish.queue(x.sessionId) } : {}
    if (run.turn >= x.agent.maxTurns) {
      const limit = runEvent(x.runId, 'turn_limit', `${x.agent.name} reached its limit of ${x.agent.maxTurns} steps. Say "go on" to continue.`, now, {
        detail: { agent: x.agent.name, turns: x.agent.maxTurns },
      })
      const done = runEvent(x.runId, 'run_completed', `${x.agent.name} finished.`, now, { detail: { agent: x.agent.name } })
      const { patch, items, next } = await endRun(tx, x.deps, run, x.agent, { status: 'completed', item: done })
      const after = () => void x.deps.sessions.publish.queue(x.sessionId)
      return { value: { stopped: true, next }, items: [...read, limit, ...items], patch, after }
    }
    const model = modelWanted(read) ?? x.model
    const value = { model, turn: run.turn + 1, stepId: newId<StepId>('stp', now), itemId: newId<ItemId>('itm', now), createdAt: now }
    await insertSteps(tx, [
      {
        id: value.stepId,
        runId: x.runId,
        turn: value.turn,
        index: 0,
        kind: 'model',
        itemId: value.itemId,
        name: model,
        status: 'running',
        createdAt: now,
        startedAt: now,
      },
    ])
    return { value, items: read, patch: { turn: value.turn, model }, ...shown }
  })
}
