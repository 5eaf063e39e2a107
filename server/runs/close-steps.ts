import type { Approval } from '#shared/approvals/schema.ts'
import type { ItemId } from '#shared/base/ids.ts'
import type { SessionChange } from '../sessions/changes.ts'
import { findItem, replaceItem } from '../sessions/store.ts'
import type { NewItem } from '../sessions/store.ts'
import type { Db } from '../db/port.ts'
import type { RunDeps } from './deps.ts'
import { endedCall, openMessage } from './state.ts'
import type { AgentName } from './state.ts'
import { changeStep } from './store.ts'
import type { StepRow } from './store.ts'
import { withdrawWaits } from './waits.ts'

export type LiveTexts = ReadonlyMap<ItemId, { text: string; reasoning: string }>

export type ClosedSteps = { items: NewItem[]; approvals: Approval[]; changes: SessionChange[] }

/** The reason why a call that a person stopped has ended. It is in the row while the call still runs, as the request to end it. */
export const stoppedBy = (name: string) => ({ code: 'stopped', message: `${name} stopped it.` })

/**
 * Ends open steps that will not go on: what the model said so far is kept and marked, tool calls get an end, questions and
 * approvals are withdrawn. Within a transaction that holds session and run.
 * @param texts what the open items held when they were cut off
 */
export async function closeSteps(
  tx: Db,
  deps: Pick<RunDeps, 'approvals' | 'clock'>,
  agent: AgentName,
  steps: readonly StepRow[],
  texts: LiveTexts,
  why: { status: 'cancelled' | 'failed'; code: string; message: string },
): Promise<ClosedSteps> {
  const now = deps.clock.now()
  const items: NewItem[] = []
  const withdrawn: ItemId[] = []
  const error = { code: why.code, message: why.message }
  const ids = steps.map((step) => step.id)
  const asked = new Map(
    (await withdrawWaits(tx, ids, now)).flatMap(({ stepId, subject }) => (subject.kind === 'question' ? [[stepId, subject.itemId]] : [])),
  )
  for (const step of steps) {
    await changeStep(tx, step.id, { status: why.status, error, finishedAt: now })
    const { text = '', reasoning = '' } = texts.get(step.itemId) ?? {}
    if (step.kind === 'model') {
      const { seq: _, ...message } = openMessage(step.itemId, step.runId, agent, step.createdAt, step.name)
      if (text !== '') items.push({ ...message, text, ...(reasoning && { reasoning }), interrupted: true, finishedAt: now })
      continue
    }
    const questionId = asked.get(step.id)
    const question = questionId && (await findItem(tx, questionId))?.data
    if (question?.type === 'question' && question.status === 'open') {
      await replaceItem(tx, { ...question, status: 'cancelled' })
      withdrawn.push(question.id)
    }
    items.push(endedCall(step, agent, { status: why.status, error, output: text }, now))
  }
  const run = steps[0]?.runId
  const approvals = run ? await deps.approvals.cancelOf(tx, run, ids) : []
  const gone = steps.map((step) => step.itemId)
  return {
    items,
    approvals,
    changes: [
      ...withdrawn.map((id) => ({ kind: 'state' as const, id, state: { status: 'cancelled' } })),
      // A message without a word has no item to take its place.
      { kind: 'dropped', ids: gone },
    ],
  }
}
