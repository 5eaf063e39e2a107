import type { Run, RunUsage, WaitingFor } from '#shared/runs/schema.ts'
import type { ItemId } from '#shared/base/ids.ts'
import type { Item, ToolCallItem, ToolCallStatus } from '#shared/sessions/items.ts'
import type { NewItem } from '../sessions/store.ts'
import type { ToolFace } from '../tools/define.ts'
import { presentCall } from '../tools/present.ts'
import type { RunRow, StepRow } from './store.ts'

/** `tools`: those it runs with, where they are known; they say how its calls are shown. */
export type AgentName = { id: RunRow['agentId']; name: string; tools?: readonly ToolFace[] }

/** As it was called when the run began. */
export const agentOf = ({ agentId: id, agentName: name }: Pick<RunRow, 'agentId' | 'agentName'>): AgentName => ({ id, name })

/** What people see of a run that is not in its row. */
export type RunFacts = { causedByName: string; usage: RunUsage; waitingFor: WaitingFor | null }

/** A run as people see it. */
export function toRun(row: RunRow, { causedByName, usage, waitingFor }: RunFacts, activity: string | null): Run {
  return {
    id: row.id,
    projectId: row.projectId,
    sessionId: row.sessionId,
    agentId: row.agentId,
    agentName: row.agentName,
    ...(row.agentVersion !== null && { agentVersion: row.agentVersion }),
    ...(row.parentRunId !== null && { parentRunId: row.parentRunId }),
    trigger: row.trigger,
    causedBy: { id: row.causedBy, name: causedByName },
    status: row.status,
    waitingFor,
    activity,
    ...(row.pauseRequested && { stopping: true }),
    turn: row.turn,
    ...(row.model !== null && { model: row.model }),
    usage,
    error: row.error,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
  }
}

type ToolStep = Pick<StepRow, 'id' | 'runId' | 'itemId' | 'name' | 'args' | 'approvalId' | 'createdAt' | 'turn' | 'callId'> &
  Partial<Pick<StepRow, 'startedAt'>>

/** The item of a tool call that has not ended, for `live`. */
export function openCall(step: ToolStep, agent: AgentName, status: ToolCallStatus): ToolCallItem {
  const { name, args } = step
  return {
    type: 'tool_call',
    id: step.itemId,
    seq: 0,
    runId: step.runId,
    createdAt: step.createdAt,
    finishedAt: null,
    stepId: step.id,
    author: { kind: 'agent', id: agent.id, name: agent.name },
    name,
    args,
    ...presentCall({ name, args, status }, agent.tools),
    status,
    ...(step.startedAt && { startedAt: step.startedAt }),
    turn: step.turn,
    ...(step.callId && { callId: step.callId }),
    ...(step.approvalId && { approvalId: step.approvalId }),
  }
}

export type CallEnd = Pick<ToolCallItem, 'status' | 'result' | 'error' | 'output' | 'artifactId'>

/** The item of a tool call that has ended. */
export function endedCall(step: ToolStep, agent: AgentName, end: CallEnd, now: number): NewItem {
  const { seq: _, ...item } = openCall(step, agent, end.status)
  const { output, ...rest } = end
  const ended = { ...item, ...rest, ...(output && { output }), finishedAt: now }
  return { ...ended, ...presentCall(ended, agent.tools) }
}

/** The item of an answer that is being streamed. */
export function openMessage(itemId: ItemId, runId: RunRow['id'], agent: AgentName, createdAt: number, model: string): Item & { type: 'message' } {
  return {
    type: 'message',
    id: itemId,
    seq: 0,
    runId,
    createdAt,
    finishedAt: null,
    author: { kind: 'agent', id: agent.id, name: agent.name },
    text: '',
    model,
  }
}

/** The item of a step that has not ended, for `live`. */
export function openItem(step: StepRow, run: RunRow): Item {
  const agent = agentOf(run)
  return step.kind === 'tool' ? openCall(step, agent, step.status) : openMessage(step.itemId, run.id, agent, step.createdAt, step.name)
}
