import type { ApprovalId } from '#shared/base/ids.ts'
import type { WaitingFor } from '#shared/runs/schema.ts'
import { listQueue } from '../sessions/queue.ts'
import type { Tool } from '../tools/define.ts'
import { findTool, parseToolCall } from '../tools/parse.ts'
import type { Execution } from './execution.ts'
import { StepAborted } from './execution.ts'
import { released } from './lifecycle.ts'
import { decidePermission } from './permissions.ts'
import { isControlWait, questionOf } from './settle.ts'
import { openCall } from './state.ts'
import { changeStep, openSteps } from './store.ts'
import type { StepRow } from './store.ts'
import { endCall, runCalls } from './tool-step.ts'

/**
 * Brings the run's open tool calls to an end, in their order; neighbours that only read run side by side. A call that waits for
 * people holds back those after it.
 * `waiting`, `paused`: the run was put down, and nothing of it is held here any more.
 */
export async function toolPhase(x: Execution): Promise<'done' | 'waiting' | 'paused'> {
  const asked = new Set<string>()
  for (;;) {
    x.throwIfEnded()
    if (x.interrupting) throw new StepAborted('interrupt')
    const open = (await openSteps(x.deps.database.db, x.runId)).filter((step) => step.kind === 'tool')
    const first = open[0]
    if (!first) return 'done'
    for (const step of open) {
      if (step.status !== 'queued' || step.approvalId || asked.has(step.id)) continue
      asked.add(step.id)
      await judge(x, step)
    }
    const [next, ...later] = (await openSteps(x.deps.database.db, x.runId)).filter((step) => step.kind === 'tool')
    if (!next) return 'done'
    if (next.status === 'waiting') {
      if (await putDown(x)) return 'waiting'
      continue
    }
    if (await pauseIfAsked(x)) return 'paused'
    const calls = batch(x, next, later)
    if (calls.length === 0) throw new Error(`step ${next.id} is ${next.status} and cannot be run`)
    await runCalls(x, calls)
  }
}

/** The calls that run now: the next one, with those right after it while all of them only read. */
function batch(x: Execution, next: StepRow, later: readonly StepRow[]): { step: StepRow; tool: Tool }[] {
  const calls: { step: StepRow; tool: Tool }[] = []
  for (const step of [next, ...later]) {
    const found = findTool(x.agent.tools, step.name)
    if (!found.ok || step.status !== 'queued') break
    const reads = found.tool.idempotent && found.tool.risk === 'low'
    if (calls.length > 0 && !reads) break
    calls.push({ step, tool: found.tool })
    if (!reads) break
  }
  return calls
}

/** Allows, refuses, or asks the people, before anything runs. */
async function judge(x: Execution, step: StepRow): Promise<void> {
  const found = findTool(x.agent.tools, step.name)
  if (!found.ok) return endCall(x, step, { status: 'failed', error: { code: found.code, message: found.message } })
  const rule = await x.deps.approvals.ruleFor(x.projectId, step.name)
  const permission = decidePermission(step.name, x.agent.permissions, rule)
  if (permission === 'allow') return undefined
  if (permission === 'deny') {
    return endCall(x, step, { status: 'denied', error: { code: 'denied', message: `${step.name} is not allowed in this project.` } })
  }
  const parsed = parseToolCall(found.tool, step.args)
  if (!parsed.ok) return endCall(x, step, { status: 'failed', error: { code: parsed.code, message: parsed.message } })
  const approval = await x.commit(async (tx) => {
    const request = await x.deps.approvals.request(tx, {
      projectId: x.projectId,
      sessionId: x.sessionId,
      runId: x.runId,
      stepId: step.id,
      tool: step.name,
      title: parsed.title.slice(0, 500),
      risk: found.tool.risk,
      args: step.args,
      requestedBy: { agentId: x.agent.id, agentName: x.agent.name, causedBy: x.causedBy.id, causedByName: x.causedBy.name },
    })
    await changeStep(tx, step.id, { status: 'waiting', approvalId: request.approval.id })
    return { value: request.approval, items: [request.item] }
  })
  x.writer.begin(openCall({ ...step, approvalId: approval.id }, x.agent, 'waiting'))
  x.deps.approvals.requested(approval)
}

/** Serialises the run until people have answered. False when they did in the meantime. */
async function putDown(x: Execution): Promise<boolean> {
  x.activity(null)
  x.writer.flush()
  return x.commit(async (tx, run) => {
    const open = (await openSteps(tx, x.runId)).filter((step) => step.kind === 'tool')
    const first = open[0]
    if (!first || first.status !== 'waiting') return { value: false }
    if ((await listQueue(tx, x.sessionId)).some((message) => message.mode === 'interrupt')) {
      // It withdraws what waits, and is read at once.
      x.interrupt()
      return { value: false }
    }
    const approvalIds = open.filter((step) => step.status === 'waiting' && step.approvalId).map((step) => step.approvalId as ApprovalId)
    const question = open.map(questionOf).find((id) => id !== undefined)
    const waitingFor: WaitingFor = isControlWait(first)
      ? { kind: 'control' }
      : approvalIds.length > 0 || !question
        ? { kind: 'approval', approvalIds }
        : { kind: 'question', itemId: question }
    const paused = run.pauseRequested
    return { value: true, patch: { ...released, status: paused ? 'paused' : 'waiting', pauseRequested: false, waitingFor } }
  })
}

async function pauseIfAsked(x: Execution): Promise<boolean> {
  return x.commit(async (_tx, run) => {
    if (!run.pauseRequested) return { value: false }
    return { value: true, patch: { ...released, status: 'paused', pauseRequested: false } }
  })
}
