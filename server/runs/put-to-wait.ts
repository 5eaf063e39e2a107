import type { AgentId, ItemId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Db } from '../db/port.ts'
import { cleanText } from '../sessions/clean.ts'
import type { NewItem } from '../sessions/store.ts'
import type { ToolResult } from '../tools/define.ts'
import { tenantId } from './deps.ts'
import type { Commit, Execution } from './execution.ts'
import { recoverRuns } from './jobs.ts'
import { beginRun } from './lifecycle.ts'
import { openCall } from './state.ts'
import { changeStep, maxDepth, parentsOf } from './store.ts'
import type { StepRow } from './store.ts'
import { endCall } from './end-call.ts'
import type { WaitSubject } from './wait.ts'
import { openWait, resumeWait, waitOfStep } from './waits.ts'

type Waits = Extract<ToolResult, { status: 'wait' }>

/** A call that has started waits from now on, for what its tool names. */
export function putToWait(execution: Execution, step: StepRow, result: Waits): Promise<void> {
  if ('questions' in result) return ask(execution, step, result.questions)
  switch (result.for) {
    case 'control':
      return waitForControl(execution, step)
    case 'timer':
      return waitUntil(execution, step, result.until)
    case 'agent':
      return waitForAgent(execution, step, result.agentId, result.task)
  }
}

/** Answers become the result of the call that asked. */
async function ask(execution: Execution, step: StepRow, questions: Extract<Waits, { questions: unknown }>['questions']): Promise<void> {
  const now = execution.deps.clock.now()
  const { id, name } = execution.agent
  const item: NewItem = {
    type: 'question',
    id: newId<ItemId>('itm', now),
    runId: execution.runId,
    createdAt: now,
    finishedAt: now,
    author: { kind: 'agent', id, name },
    questions,
    status: 'open',
  }
  await wait(execution, step, { kind: 'question', itemId: item.id }, async () => ({ items: [item] }))
}

/** The call waits until its agent has control of the desktop, and is run then. */
async function waitForControl(execution: Execution, step: StepRow): Promise<void> {
  await wait(execution, step, { kind: 'control' })
  // Control may have been given a moment ago, when no wait was stored yet.
  if (!execution.deps.desktops.holdsControl(execution.projectId, execution.runId)) return
  await execution.commit(async (tx) => {
    const waiting = await waitOfStep(tx, step.id)
    if (waiting) await resumeWait(tx, waiting, { kind: 'go' }, execution.deps.clock.now())
    return { value: undefined }
  })
}

async function waitUntil(execution: Execution, step: StepRow, until: number): Promise<void> {
  const { deps, runId } = execution
  await wait(execution, step, { kind: 'timer', until }, async (tx) => {
    // For when this process is gone by then.
    await deps.jobs.plan(tx, recoverRuns, { payload: { runId }, key: `wait ${until}`, at: until })
    return {}
  })
  deps.onDue(until)
}

/** A run of another agent begins, for the same person; this one goes on when that has ended. */
async function waitForAgent(execution: Execution, step: StepRow, agentId: AgentId, task: string): Promise<void> {
  const { deps, runId, sessionId, projectId, causedBy, agent: parent } = execution
  const refuse = (code: string, message: string) => endCall(execution, step, { status: 'failed', error: { code, message } })
  const agent = (await deps.profiles.list(tenantId)).find(({ id }) => id === agentId)
  if (!agent) return refuse('not_found', `There is no agent "${agentId}" in this room.`)
  if ((await parentsOf(deps.database.db, runId)).length + 1 >= maxDepth) return refuse('too_deep', `Agents may ask one another ${maxDepth - 1} deep.`)
  const now = deps.clock.now()
  const begin = async (tx: Db) => {
    const begun = await beginRun(tx, deps, {
      session: { id: sessionId, projectId },
      agent,
      by: causedBy,
      starter: { kind: 'agent', id: parent.id, name: parent.name },
      trigger: { kind: 'run', runId },
    })
    const asked: NewItem = {
      type: 'message',
      id: newId<ItemId>('itm', now),
      runId: begun.row.id,
      author: { kind: 'agent', id: parent.id, name: parent.name },
      text: cleanText(task),
      to: 'agent',
      agentId: agent.id,
      createdAt: now,
      finishedAt: now,
    }
    return { subject: { kind: 'child', runId: begun.row.id } as const, items: [asked, begun.started], begun: begun.row }
  }
  await wait(execution, step, undefined, begin)
}

type More = Pick<Commit<unknown>, 'items' | 'begun'> & { subject?: WaitSubject }

/** Stores that the step waits, and for what, in one commit with everything that belongs to it. */
async function wait(execution: Execution, step: StepRow, known: WaitSubject | undefined, more?: (tx: Db) => Promise<More>): Promise<void> {
  await execution.commit(async (tx) => {
    const { subject = known, ...rest } = (await more?.(tx)) ?? {}
    if (!subject) throw new Error('a call waits for nothing')
    // A call that waits for control runs when it comes: it starts then.
    await changeStep(tx, step.id, { status: 'waiting', ...(subject.kind === 'control' && { startedAt: null }) })
    await openWait(tx, step, subject, execution.deps.clock.now())
    return { value: undefined, ...rest }
  })
  execution.writer.begin(openCall(step, execution.agent, 'waiting'))
}
