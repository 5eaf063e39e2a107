import { approvalLimits } from '#shared/approvals/limits.ts'
import type { Approval, ApprovalNote } from '#shared/approvals/schema.ts'

/** The oldest go where there are too many; extensions stay, because they are counted. */
export function withNote(approval: Approval, note: ApprovalNote): Approval {
  const notes = [...(approval.notes ?? []), note]
  const others = notes.filter(({ kind }) => kind !== 'extended')
  const gone = new Set(others.slice(0, Math.max(0, others.length - approvalLimits.notes)))
  return { ...approval, notes: notes.filter((one) => !gone.has(one)) }
}
