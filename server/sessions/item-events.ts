import type { SessionEvent } from '#shared/runs/events.ts'
import type { Item } from '#shared/sessions/items.ts'

/** The events of finished items. `sent` is how much of the item's text went out before, undefined for none. */
export function eventsOf(item: Item, sent: number | undefined): SessionEvent[] {
  const runId = item.runId
  if (!runId) return []
  if (item.type === 'message' && item.author.kind === 'agent') {
    const rest = item.text.slice(sent ?? 0)
    return rest === '' ? [] : [{ type: 'text', runId, itemId: item.id, agentId: item.author.id, text: rest }]
  }
  if (item.type === 'tool_call') {
    const { id: itemId, name, stepId, args, status, result, error } = item
    const ended = status === 'ok' || status === 'failed' || status === 'denied' ? status : 'cancelled'
    return [
      ...(sent === undefined ? [{ type: 'tool_call' as const, runId, itemId, stepId, name, args }] : []),
      { type: 'tool_call_result', runId, itemId, name, status: ended, ...(result !== undefined && { result }), ...(error && { error }) },
    ]
  }
  if (item.type !== 'event') return []
  if (item.event === 'run_completed') return [{ type: 'complete', runId, status: 'completed' }]
  if (item.event === 'run_cancelled') return [{ type: 'complete', runId, status: 'cancelled' }]
  if (item.event === 'run_failed') return [{ type: 'error', runId, error: item.error ?? { code: 'internal', message: item.text } }]
  return []
}
