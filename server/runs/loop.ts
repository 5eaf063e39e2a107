import type { ItemId } from '#shared/base/ids.ts'
import { AppError } from '#shared/base/errors.ts'
import { isDatabaseAway } from '../db/errors.ts'
import { ModelError } from '../models/port.ts'
import { dropLiveOf } from '../sessions/project.ts'
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
import { settleSteps } from './settle.ts'
import { openSteps } from './store.ts'
import type { RunRow } from './store.ts'
import { toolPhase } from './tool-phase.ts'
import { beginTurn } from './turn.ts'

/**
 * Executes a run until it ends, waits or pauses, or is not ours any more. Never throws.
 * @returns the run that reads the messages which waited for this one's end
 */
export async function executeRun(x: Execution): Promise<RunRow | undefined> {
  try {
    return await turns(x)
  } catch (error) {
    if (isGone(x, error)) return undefined
    if (isDatabaseAway(error)) {
      // Nothing is wrong with the run: whoever takes it up again goes on from what was committed.
      x.log.warn({ err: error }, 'the database went away under a run; it is taken up again')
      return undefined
    }
    try {
      return await fail(x, error)
    } catch (again) {
      if (!isGone(x, again)) x.log.error({ err: again }, 'a run could not be ended; it is taken up again when its lease ends')
      return undefined
    }
  }
}

const isGone = (x: Execution, error: unknown) => x.ended || error instanceof RunMoved || (error instanceof StepAborted && error.why === 'end')

async function turns(x: Execution): Promise<RunRow | undefined> {
  const build = createRequests(x, createHistory(x.deps.database.db, x.sessionId, x.agent.contextWindow))
  const cutOffs = { count: 0, continued: 0 }
  // Nothing was under way in a run that has just begun.
  let fresh = x.row.turn === 0
  if (!fresh) {
    await recover(x)
    // Accepted while nobody executed the run.
    if ((await listQueue(x.deps.database.db, x.sessionId)).some((message) => message.mode === 'interrupt')) x.interrupt()
  }
  for (;;) {
    try {
      if (!fresh && (await toolPhase(x)) !== 'done') return undefined
      fresh = false
      const begun = await beginTurn(x)
      if ('stopped' in begun) return begun.next
      const outcome = await modelTurn(x, begun, build, cutOffs)
      if (typeof outcome === 'object') return outcome.next
    } catch (error) {
      if (!(error instanceof StepAborted) || error.why !== 'interrupt') throw error
      const by = (await listQueue(x.deps.database.db, x.sessionId)).findLast((message) => message.mode === 'interrupt')?.author
      const text = `${by?.name ?? 'Someone'} interrupted ${x.agent.name}.`
      const note = runEvent(x.runId, 'run_interrupted', text, x.deps.clock.now(), {
        ...(by && { by: byPerson(by) }),
        detail: { agent: x.agent.name },
      })
      await breakOff(x, text, note)
      x.interrupted()
    }
  }
}

/** Ends the run with a clear sentence; the session can be used again. */
async function fail(x: Execution, thrown: unknown): Promise<RunRow | undefined> {
  const error = describe(thrown)
  if (error.code === 'internal') x.log.error({ err: thrown }, 'a run failed unexpectedly')
  const open = await openSteps(x.deps.database.db, x.runId)
  const texts = new Map<ItemId, { text: string; reasoning: string }>()
  for (const step of open) texts.set(step.itemId, await x.writer.texts(step.itemId))
  const done = await x.commit(async (tx, run) => {
    const settled = await settleSteps(tx, x.deps, x.agent, await openSteps(tx, x.runId), texts, {
      status: 'failed',
      code: error.code,
      message: error.message,
    })
    const item = runEvent(x.runId, 'run_failed', `${x.agent.name} stopped: ${error.message}`, x.deps.clock.now(), {
      error,
      detail: { agent: x.agent.name },
    })
    const ended = await endRun(tx, x.deps, run, x.agent, { status: 'failed', item, error })
    const change = (doc: Parameters<typeof settled.change>[0]) => {
      settled.change(doc)
      dropLiveOf(doc, x.runId, new Set())
    }
    const value = { next: ended.next, approvals: settled.approvals }
    return {
      value,
      items: [...settled.items, ...ended.items],
      patch: ended.patch,
      change,
      after: () => void x.deps.sessions.publish.queue(x.sessionId),
    }
  })
  for (const approval of done.approvals) void x.deps.approvals.publish(approval)
  return done.next
}

function describe(thrown: unknown): { code: string; message: string } {
  if (thrown instanceof ModelError) return { code: thrown.code, message: thrown.message }
  if (thrown instanceof AppError && thrown.code !== 'internal') return { code: thrown.code, message: thrown.message }
  return { code: 'internal', message: 'Something went wrong on the server.' }
}
