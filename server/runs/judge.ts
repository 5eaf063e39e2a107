import { findTool, parseToolCall } from '../tools/parse.ts'
import type { Tool } from '../tools/define.ts'
import type { Execution } from './execution.ts'
import { decide } from '#shared/policy/decide.ts'
import { rulesOf } from '../profiles/permissions.ts'
import { asksPeople, gradeCall } from './permissions.ts'
import { openCall } from './state.ts'
import { changeStep } from './store.ts'
import type { StepRow } from './store.ts'
import { endCall } from './end-call.ts'
import { openWait } from './waits.ts'

type Graded = ReturnType<typeof gradeCall>

/**
 * Allows, refuses, or asks the people, before anything runs. What people approved for all of the run is not asked again, unless its
 * risk is higher than the one they saw.
 * @param isNext no open call stands before it. Where one approval covers a whole run, later calls are not judged before their turn: the
 *   answer to the first may cover them
 * @returns false when it was not judged yet
 */
export async function judge(execution: Execution, step: StepRow, isNext: boolean): Promise<boolean> {
  const found = findTool(execution.agent.tools, step.name)
  if (!found.ok) return ended(execution, step, 'failed', found)
  const parsed = parseToolCall(found.tool, step.args)
  const graded = parsed.ok ? gradeCall(found.tool, parsed) : undefined
  const rules = [...rulesOf(execution.agent.permissions), ...(await execution.deps.approvals.rulesFor(execution.projectId, step.name))]
  const { effect } = decide(rules, { tool: step.name, risk: graded?.risk })
  if (effect === 'allow') return true
  if (effect === 'deny') return ended(execution, step, 'denied', { code: 'denied', message: `${step.name} is not allowed in this project.` })
  if (!parsed.ok || !graded) return ended(execution, step, 'failed', parsed.ok ? { code: 'invalid_arguments', message: '' } : parsed)
  if (!asksPeople(found.tool, parsed.args)) return true
  if (found.tool.askedForRun !== undefined && !isNext) return false
  if (!(await isGranted(execution, step, graded))) await ask(execution, step, found.tool, graded)
  return true
}

/** The call carries the approval that covers it, so that everybody sees who allowed it. */
async function isGranted(execution: Execution, step: StepRow, { risk }: Graded): Promise<boolean> {
  return execution.commit(async (tx) => {
    const grant = await execution.deps.approvals.grantFor(tx, execution.runId, { tool: step.name, risk })
    if (grant) await changeStep(tx, step.id, { approvalId: grant.id })
    return { value: grant !== undefined }
  })
}

async function ask(execution: Execution, step: StepRow, tool: Tool, graded: Graded): Promise<void> {
  const approval = await execution.commit(async (tx) => {
    const request = await execution.deps.approvals.request(tx, {
      projectId: execution.projectId,
      sessionId: execution.sessionId,
      runId: execution.runId,
      stepId: step.id,
      tool: step.name,
      ...graded,
      ...(tool.askedForRun !== undefined && { covers: 'run' as const }),
      args: step.args,
      requestedBy: {
        agentId: execution.agent.id,
        agentName: execution.agent.name,
        causedBy: execution.causedBy.id,
        causedByName: execution.causedBy.name,
      },
    })
    await changeStep(tx, step.id, { status: 'waiting', approvalId: request.approval.id })
    await openWait(tx, step, { kind: 'approval', approvalId: request.approval.id }, execution.deps.clock.now())
    return { value: request.approval, items: [request.item] }
  })
  execution.writer.begin(openCall({ ...step, approvalId: approval.id }, execution.agent, 'waiting'))
  execution.deps.approvals.requested(approval)
}

async function ended(
  execution: Execution,
  step: StepRow,
  status: 'failed' | 'denied',
  { code, message }: { code: string; message: string },
): Promise<true> {
  await endCall(execution, step, { status, error: { code, message } })
  return true
}
