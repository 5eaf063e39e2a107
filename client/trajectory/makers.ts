import type { RunId } from '#shared/base/ids.ts'
import type { EventItem, Item, ToolCallItem } from '#shared/sessions/items.ts'

const ends = new Set<EventItem['event']>(['run_completed', 'run_failed', 'run_cancelled'])

/** Whether a run ends with this item. */
export const endsRun = (item: Item): item is EventItem & { runId: RunId } => item.type === 'event' && item.runId !== undefined && ends.has(item.event)

/** As many figures as the steps that drew them show without being opened. */
const mostSeen = 4

/** Whether all that a run left are figures: they stand large in their steps, so nothing repeats them at its end. */
function isAllSeen(calls: readonly ToolCallItem[]): boolean {
  const made = calls.map(({ presentation }) => presentation?.made)
  const figures = made.reduce((sum, one) => sum + (one?.figures ?? 0), 0)
  return figures <= mostSeen && made.every((one) => one?.figures && one.files.length === 0 && !one.app)
}

/** The calls of each run that left something to be seen at its end, oldest first. Items may be there twice. */
export function makersByRun(...lists: (readonly Item[])[]): ReadonlyMap<RunId, readonly ToolCallItem[]> {
  const found = new Map<RunId, Map<number, ToolCallItem>>()
  for (const item of lists.flat()) {
    if (item.type !== 'tool_call' || item.status !== 'ok' || item.runId === undefined || !item.presentation?.made) continue
    const ofRun = found.get(item.runId) ?? new Map<number, ToolCallItem>()
    found.set(item.runId, ofRun.set(item.seq, item))
  }
  const made = [...found].map(([runId, calls]) => [runId, [...calls.values()].sort((a, b) => a.seq - b.seq)] as const)
  return new Map(made.filter(([, calls]) => !isAllSeen(calls)))
}
