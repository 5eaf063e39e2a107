import type { Approval } from '#shared/approvals/schema.ts'
import type { TodoId } from '#shared/base/ids.ts'
import type { Todo } from '#shared/board/schema.ts'

/** What of a pending request the plan needs to know. */
export type PendingRequest = Pick<Approval, 'requestedBy' | 'sessionId' | 'runId' | 'quorum' | 'votes'>

/**
 * Approvals that are still missing, by step. A step waits when the very run that asks has it in progress: one that an earlier
 * run left in progress does not, and where a run has several in progress none is named, as it could be any of them.
 */
export function neededBy(requests: readonly PendingRequest[], todos: readonly Todo[]): ReadonlyMap<TodoId, number> {
  const needs = new Map<TodoId, number>()
  for (const { requestedBy, sessionId, runId, quorum, votes } of requests) {
    const [at, another] = todos.filter(
      (todo) => todo.status === 'in_progress' && todo.statusBy === requestedBy.agentId && todo.statusIn === sessionId && todo.statusRun === runId,
    )
    if (!at || another) continue
    const missing = Math.max(1, quorum - votes.filter((vote) => vote.decision === 'approve').length)
    needs.set(at.id, (needs.get(at.id) ?? 0) + missing)
  }
  return needs
}
