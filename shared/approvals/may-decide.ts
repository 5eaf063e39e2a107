import type { Approval } from './schema.ts'
import type { UserId } from '../base/ids.ts'
import { can } from '../projects/roles.ts'
import type { Role } from '../projects/schema.ts'

/** Why somebody may not decide, or undefined when they may. */
export function mayDecide(approval: Approval, userId: UserId, role: Role): string | undefined {
  if (!can(role, 'approval.decide')) return 'Only editors may approve.'
  if (approval.decidableBy === 'owner' && role !== 'owner') return 'Only owners may approve this.'
  if (approval.fourEyes && approval.requestedBy.causedBy === userId) return 'You asked for this, so somebody else must approve.'
  return undefined
}
