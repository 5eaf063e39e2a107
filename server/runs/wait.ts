import type { ApprovalId, ItemId, RunId } from '#shared/base/ids.ts'
import type { WaitingFor } from '#shared/runs/schema.ts'

/** What one call waits for. */
export type WaitSubject =
  | { kind: 'approval'; approvalId: ApprovalId }
  | { kind: 'question'; itemId: ItemId }
  | { kind: 'control' }
  | { kind: 'timer'; until: number }
  | { kind: 'child'; runId: RunId }
  | { kind: 'budget' }
  | { kind: 'event'; name: string }

type Failure = { code: string; message: string }

/**
 * What ends a wait, and what becomes of the call:
 *   go         it runs now, with these arguments where they are given
 *   result     it has ended with this, without running
 *   refused    it has ended without running
 *   withdrawn  whoever waited has ended; the call was ended by that
 */
export type WaitOutcome =
  | { kind: 'go'; args?: unknown }
  | { kind: 'result'; value: unknown }
  | { kind: 'refused'; status: 'denied' | 'failed'; error: Failure }
  | { kind: 'withdrawn' }

/** What a run waits for, out of what its calls wait for in their order: approvals together, or else the first. */
export function waitingForOf(subjects: readonly WaitSubject[]): WaitingFor | null {
  const [first] = subjects
  if (!first) return null
  const approvalIds = subjects.flatMap((subject) => (subject.kind === 'approval' ? [subject.approvalId] : []))
  if (first.kind === 'control' || approvalIds.length === 0) return first.kind === 'approval' ? null : first
  return { kind: 'approval', approvalIds }
}
