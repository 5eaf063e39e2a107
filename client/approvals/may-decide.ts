import type { Approval } from '#shared/approvals/schema.ts'
import type { UserId } from '#shared/base/ids.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'

/** Why somebody may not decide, or undefined when they may. */
export function mayDecide(approval: Approval, userId: UserId, role: Role): string | undefined {
  if (!can(role, 'approval.decide')) return 'Only editors may approve.'
  if (approval.decidableBy === 'owner' && role !== 'owner') return 'Only owners may approve this.'
  if (approval.fourEyes && approval.requestedBy.causedBy === userId) return 'You asked for this, so somebody else must approve.'
  return undefined
}
