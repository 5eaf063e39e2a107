import type { ItemId, RunId } from '#shared/base/ids.ts'
import type { ApprovalState } from '#shared/approvals/schema.ts'
import type { RunState } from '#shared/runs/schema.ts'
import type { Item, ToolCallItem } from '#shared/sessions/items.ts'

export type StepKind = 'model' | 'tool' | 'approval'
export type Tone = 'work' | 'wait' | 'failed' | 'off'

/** One row of a trace. `to` is null while it lasts; `model` is what answered. */
export type Step = { id: ItemId; kind: StepKind; from: number; to: number | null; tone: Tone; call?: ToolCallItem; title?: string; model?: string }

/** A run as far as the session shows it. `to` is null while it goes on. */
export type TracedRun = {
  id: RunId
  number: number
  agent: string
  agentId: string
  from: number
  to: number | null
  state: RunState | undefined
  steps: Step[]
}

type Given = {
  /** Finished items and those that are being streamed, in order. */
  items: readonly Item[]
  runs: readonly RunState[]
  approvalOf(id: ItemId): ApprovalState | undefined
}

/** The runs that a session shows, oldest first, each with its steps in the order in which they began. */
export function tracedRuns({ items, runs, approvalOf }: Given): TracedRun[] {
  const states = new Map(runs.map((run) => [run.id, run]))
  const byRun = Map.groupBy(
    items.filter((item) => item.runId !== undefined),
    (item) => item.runId as RunId,
  )
  const asked = new Set(items.filter((item) => item.type === 'approval').map((item) => item.approval.id))
  const found = [...new Set([...byRun.keys(), ...states.keys()])].map((id) => {
    const own = byRun.get(id) ?? []
    const state = states.get(id)
    const steps = own.map((item) => stepOf(item, asked, approvalOf)).filter((step) => step !== undefined)
    const ends = own.map((item) => item.finishedAt ?? item.createdAt)
    const author = own.find((item) => 'author' in item && item.author.kind === 'agent')
    const from = Math.min(state?.startedAt ?? state?.createdAt ?? Infinity, ...own.map((item) => item.createdAt))
    const to = state ? state.endedAt : Math.max(...ends)
    return {
      id,
      agent: state?.agentName ?? (author && 'author' in author ? author.author.name : ''),
      agentId: state?.agentId ?? (author && 'author' in author ? author.author.id : ''),
      from,
      to,
      state,
      steps: steps.toSorted((a, b) => a.from - b.from),
    }
  })
  return found.toSorted((a, b) => a.from - b.from).map((run, at) => ({ ...run, number: at + 1 }))
}

function stepOf(item: Item, asked: ReadonlySet<string>, approvalOf: Given['approvalOf']): Step | undefined {
  const { id, createdAt, finishedAt } = item
  if (item.type === 'message')
    return item.author.kind === 'agent'
      ? {
          id,
          kind: 'model',
          from: createdAt,
          to: finishedAt,
          tone: item.interrupted ? 'off' : 'work',
          ...(item.model !== undefined && { model: item.model }),
        }
      : undefined
  if (item.type === 'approval') {
    const now = approvalOf(id)
    const pending = (now?.status ?? item.status) === 'pending'
    return {
      id,
      kind: 'approval',
      from: createdAt,
      to: pending ? null : (now?.decidedAt ?? item.approval.decidedAt ?? createdAt),
      tone: 'wait',
      title: now?.title ?? item.approval.title,
    }
  }
  if (item.type !== 'tool_call') return undefined
  const waitsForPeople = item.presentation?.asksPeople || item.status === 'waiting'
  const tone: Tone =
    item.status === 'failed' ? 'failed' : item.status === 'cancelled' || item.status === 'denied' ? 'off' : waitsForPeople ? 'wait' : 'work'
  // The time of people stands in the row of their request.
  const shownThere = item.approvalId !== undefined && asked.has(item.approvalId)
  const from = item.startedAt ?? (shownThere && finishedAt !== null ? finishedAt : createdAt)
  return { id, kind: 'tool', from, to: finishedAt, tone, call: item }
}

/** Where something lies on a line from `from` to `to`, in percent. What is too short to see is a hair. */
export function barOf(step: { from: number; to: number | null }, line: { from: number; to: number }): { left: number; width: number } {
  const length = Math.max(1, line.to - line.from)
  const left = Math.min(99.6, Math.max(0, ((step.from - line.from) / length) * 100))
  const width = Math.max(0.4, (((step.to ?? line.to) - step.from) / length) * 100)
  return { left, width: Math.min(width, 100 - left) }
}
