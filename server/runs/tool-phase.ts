import { listQueue } from '../sessions/queue.ts'
import type { Tool } from '../tools/define.ts'
import { findTool } from '../tools/parse.ts'
import type { Execution } from './execution.ts'
import { StepAborted } from './step-aborts.ts'
import { judge } from './judge.ts'
import { openSteps } from './store.ts'
import type { StepRow } from './store.ts'
import { runCalls } from './tool-step.ts'

/**
 * Brings the run's open tool calls to an end, in their order; neighbours that only read run side by side. A call that waits for
 * people holds back those after it.
 * `waiting`, `paused`: the run was put down, and nothing of it is held here any more.
 */
export async function toolPhase(execution: Execution): Promise<'done' | 'waiting' | 'paused'> {
  const judged = new Set<string>()
  for (;;) {
    execution.steps.throwIfEnded()
    if (execution.steps.interrupting) throw new StepAborted('interrupt')
    const open = (await openSteps(execution.deps.database.db, execution.runId)).filter((step) => step.kind === 'tool')
    const first = open[0]
    if (!first) return 'done'
    for (const step of open) {
      if (step.status !== 'queued' || step.approvalId || judged.has(step.id)) continue
      if (await judge(execution, step, step === first)) judged.add(step.id)
    }
    const [next, ...later] = (await openSteps(execution.deps.database.db, execution.runId)).filter((step) => step.kind === 'tool')
    if (!next) return 'done'
    if (next.status === 'waiting') {
      if (await putDown(execution)) return 'waiting'
      continue
    }
    // What stood before it has ended without running: now it is its turn.
    if (next.status === 'queued' && !next.approvalId && !judged.has(next.id)) continue
    if (await pauseIfAsked(execution)) return 'paused'
    const calls = batch(execution, next, later, judged)
    if (calls.length === 0) throw new Error(`step ${next.id} is ${next.status} and cannot be run`)
    await runCalls(execution, calls)
  }
}

/** The calls that run now: the next one, with those right after it while all of them only read. */
function batch(execution: Execution, next: StepRow, later: readonly StepRow[], judged: ReadonlySet<string>): { step: StepRow; tool: Tool }[] {
  const calls: { step: StepRow; tool: Tool }[] = []
  for (const step of [next, ...later]) {
    const found = findTool(execution.agent.tools, step.name)
    if (!found.ok || step.status !== 'queued' || !(judged.has(step.id) || step.approvalId)) break
    const reads = found.tool.idempotent && found.tool.risk === 'low'
    if (calls.length > 0 && !reads) break
    calls.push({ step, tool: found.tool })
    if (!reads) break
  }
  return calls
}

/** Stores the run as waiting, or paused, until people answer. False when they have answered meanwhile. */
async function putDown(execution: Execution): Promise<boolean> {
  execution.activity(null)
  execution.writer.flush()
  return execution.commit(async (tx, run) => {
    const [first] = (await openSteps(tx, execution.runId)).filter((step) => step.kind === 'tool')
    if (!first || first.status !== 'waiting') return { value: false }
    if ((await listQueue(tx, execution.sessionId, execution.agent.id)).some((message) => message.mode === 'interrupt')) {
      // An interrupting message withdraws what waits, and is read at once.
      execution.steps.interrupt()
      return { value: false }
    }
    return { value: true, patch: { status: run.pauseRequested ? 'paused' : 'waiting', pauseRequested: false } }
  })
}

async function pauseIfAsked(execution: Execution): Promise<boolean> {
  return execution.commit(async (_tx, run) => {
    if (!run.pauseRequested) return { value: false }
    return { value: true, patch: { status: 'paused', pauseRequested: false } }
  })
}
