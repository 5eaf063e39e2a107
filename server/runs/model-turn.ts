import { ModelError } from '../models/errors.ts'
import type { SessionChange } from '../sessions/changes.ts'
import { listQueue } from '../sessions/queue.ts'
import type { NewItem } from '../sessions/store.ts'
import { runEvent } from './events.ts'
import type { Execution } from './execution.ts'
import { detailsToStore } from './request/provider-details.ts'
import { endRun } from './lifecycle.ts'
import { streamAnswer } from './model-step.ts'
import type { Answer } from './model-step.ts'
import type { BuildRequest } from './request/pipeline.ts'
import { closeSteps } from './close-steps.ts'
import { openCall, openMessage } from './state.ts'
import { changeStep, insertSteps, openSteps } from './store.ts'
import type { BegunTurn, Stopped } from './turn.ts'
import { usageOf } from './usage.ts'

/** How often a run repeats a model call whose answer broke off, and continues an answer that was cut at the maximum length. */
const most = { cutOffs: 2, continued: 8 }

export type CutOffs = { count: number; continued: number }

/**
 * Makes the recorded model call and stores what came of it: the message, and a step for every tool call, or the run's end.
 * `tools`: there are calls to run. `again`: the answer was cut off and the call has to be made anew.
 */
export async function modelTurn(execution: Execution, begun: BegunTurn, build: BuildRequest, cutOffs: CutOffs): Promise<'tools' | 'again' | Stopped> {
  let estimate = 0
  try {
    const answer = await execution.steps.abortable(async (signal) => {
      const { request, tokens } = await build()
      estimate = tokens
      signal.throwIfAborted()
      return streamAnswer(execution, begun, request, signal)
    })
    return await storeAnswer(execution, begun, answer, estimate, cutOffs)
  } catch (error) {
    if (!(error instanceof ModelError) || error.code !== 'cut_off' || cutOffs.count >= most.cutOffs) throw error
    cutOffs.count += 1
    await breakOff(
      execution,
      'The connection to the model was lost.',
      runEvent(execution.runId, 'model_retry', `${error.message} Trying again.`, execution.deps.clock.now(), { detail: { reason: error.message } }),
    )
    return 'again'
  }
}

async function storeAnswer(
  execution: Execution,
  begun: BegunTurn,
  answer: Answer,
  estimate: number,
  cutOffs: CutOffs,
): Promise<'tools' | 'again' | Stopped> {
  const { agent, runId } = execution
  execution.writer.flush()
  return execution.commit<'tools' | 'again' | Stopped>(async (tx, run) => {
    const now = execution.deps.clock.now()
    const items: NewItem[] = []
    const said = answer.text !== '' || answer.reasoning !== ''
    // A document that was opened meanwhile may show the message that never came.
    const quiet: SessionChange[] = said ? [] : [{ kind: 'dropped', ids: [begun.itemId] }]
    if (said) {
      const { seq: _, ...message } = openMessage(begun.itemId, runId, agent, begun.createdAt, begun.model)
      items.push({
        ...message,
        text: answer.text,
        ...(answer.reasoning && { reasoning: answer.reasoning }),
        ...(answer.isCut && { interrupted: true }),
        finishedAt: now,
      })
    }
    const kept = detailsToStore(answer.calls)
    await changeStep(tx, begun.stepId, {
      status: 'ok',
      finishedAt: now,
      ...(kept && { result: kept }),
      inputTokens: answer.inputTokens || estimate,
      cachedTokens: answer.cachedTokens ?? null,
      outputTokens: answer.outputTokens || Math.ceil((answer.text.length + answer.reasoning.length) / 4),
      reasoningTokens: answer.reasoningTokens ?? null,
      contextWindow: agent.contextWindow,
    })
    const usage = await usageOf(tx, runId)
    // Told before the items of this commit, of which the run's end may be one.
    execution.writer.emit({ type: 'token_usage', runId, model: begun.model, ...usage })
    if (answer.calls.length > 0) {
      const steps = answer.calls.map((call, index) => ({
        id: call.stepId,
        runId,
        turn: begun.turn,
        index: index + 1,
        kind: 'tool' as const,
        itemId: call.itemId,
        callId: call.callId,
        name: call.name,
        args: parseArgs(call.rawArgs),
        status: 'queued' as const,
        causedBy: execution.causedBy.id,
        createdAt: call.createdAt,
        approvalId: null,
      }))
      await insertSteps(tx, steps)
      const changes = [...quiet, ...steps.map((step) => ({ kind: 'call' as const, item: openCall(step, agent, 'queued') }))]
      const after = () => {
        for (const step of steps)
          execution.writer.emit({ type: 'tool_call', runId, itemId: step.itemId, stepId: step.id, name: step.name, args: step.args })
      }
      return { value: 'tools', items, patch: {}, changes, after }
    }
    const steered = (await listQueue(tx, execution.sessionId, agent.id)).some((message) => message.mode !== 'queue')
    const goesOn = answer.isCut && ++cutOffs.continued <= most.continued
    if (steered || goesOn) return { value: 'again', items, patch: {}, changes: quiet }
    const done = runEvent(runId, 'run_completed', `${agent.name} finished.`, now, { detail: { agent: agent.name } })
    const ended = await endRun(tx, execution.deps, run, { status: 'completed', item: done, answer: answer.text })
    return { value: 'stopped', items, ended, changes: quiet }
  })
}

/** The arguments as JSON; as the model wrote them when they are none, to be refused where they are used. */
function parseArgs(raw: string): unknown {
  if (raw.trim() === '') return {}
  try {
    return JSON.parse(raw)
  } catch {
    return raw
  }
}

/** Ends what is open after an interruption: what was said stays, marked; calls end as cancelled. */
export async function breakOff(execution: Execution, message: string, note: NewItem): Promise<void> {
  const texts = await execution.liveTexts()
  await execution.commit(async (tx) => {
    const left = await openSteps(tx, execution.runId)
    const settled = await closeSteps(tx, execution.deps, execution.agent, left, texts, { status: 'cancelled', code: 'interrupted', message })
    // Calls whose arguments were still coming were never recorded.
    const rest = { kind: 'dropped_of_run' as const, runId: execution.runId, kept: left.map((step) => step.itemId) }
    return { value: undefined, items: [...settled.items, note], changes: [...settled.changes, rest], approvals: settled.approvals }
  })
}
