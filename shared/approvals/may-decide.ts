import type { Approval } from './schema.ts'
import type { UserId } from '../base/ids.ts'
import { can } from '../projects/roles.ts'
import type { Role } from '../projects/schema.ts'

/** Why somebody may not decide. `viewer`: only editors may; `owner`: only owners may; `caused`: it was asked for them. */
export type NotAllowed = 'viewer' | 'owner' | 'caused'

/** Undefined when they may. */
export function mayDecide(approval: Approval, userId: UserId, role: Role): NotAllowed | undefined {
  if (!can(role, 'approval.decide')) return 'viewer'
  if (approval.decidableBy === 'owner' && role !== 'owner') return 'owner'
  if (approval.fourEyes && approval.requestedBy.causedBy === userId) return 'caused'
  return undefined
}
