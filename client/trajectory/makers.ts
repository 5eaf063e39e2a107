import type { RunId } from '#shared/base/ids.ts'
import type { EventItem, Item, ToolCallItem } from '#shared/sessions/items.ts'

/** Calls by which something may come to be that people want to see. */
const makes = new Set(['write_file', 'edit_file', 'run_command', 'run_python', 'start_preview'])

const ends = new Set<EventItem['event']>(['run_completed', 'run_failed', 'run_cancelled'])

/** Whether a run ends with this item. */
export const endsRun = (item: Item): item is EventItem & { runId: RunId } => item.type === 'event' && item.runId !== undefined && ends.has(item.event)

const leavesSomething = ({ name, result }: ToolCallItem): boolean => {
  if (name !== 'run_command' && name !== 'run_python') return true
  const { files, figures } = (result ?? {}) as { files?: unknown[]; figures?: unknown[] }
  return (files?.length ?? 0) > 0 || (figures?.length ?? 0) > 0
}

/** As many figures as the steps that drew them show without being opened. */
const mostSeen = 4

/** Whether all that a run left are figures: they stand large in their steps, so nothing repeats them at its end. */
function isAllSeen(calls: readonly ToolCallItem[]): boolean {
  const left = calls.map(({ name, result }) => ({ name, ...(result as { files?: unknown[]; figures?: unknown[] } | null) }))
  const figures = left.reduce((sum, one) => sum + (one.figures?.length ?? 0), 0)
  return figures <= mostSeen && left.every(({ name, files }) => name === 'run_python' && !files?.length)
}

/** The calls of each run that left something to be seen at its end, oldest first. Items may be there twice. */
export function makersByRun(...lists: (readonly Item[])[]): ReadonlyMap<RunId, readonly ToolCallItem[]> {
  const found = new Map<RunId, Map<number, ToolCallItem>>()
  for (const item of lists.flat()) {
    if (item.type !== 'tool_call' || item.status !== 'ok' || item.runId === undefined || !makes.has(item.name) || !leavesSomething(item)) continue
    const ofRun = found.get(item.runId) ?? new Map<number, ToolCallItem>()
    found.set(item.runId, ofRun.set(item.seq, item))
  }
  const made = [...found].map(([runId, calls]) => [runId, [...calls.values()].sort((a, b) => a.seq - b.seq)] as const)
  return new Map(made.filter(([, calls]) => !isAllSeen(calls)))
}
