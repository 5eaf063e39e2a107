import type { Approval } from '#shared/approvals/schema.ts'
import type { UserId } from '#shared/base/ids.ts'
import type { Role } from '#shared/projects/schema.ts'

const strength: Record<Role, number> = { viewer: 1, editor: 2, owner: 3 }

/** Why this person may not decide; undefined when they may. */
export function whyNot(approval: Pick<Approval, 'decidableBy' | 'fourEyes' | 'requestedBy'>, userId: UserId, role: Role): string | undefined {
  if (strength[role] < strength[approval.decidableBy]) return `Only ${approval.decidableBy}s can decide this.`
  if (approval.fourEyes && approval.requestedBy.causedBy === userId) return 'Someone other than the person who started the run must decide this.'
  return undefined
}

/** What the votes come to: one denial denies, `quorum` approvals approve; undefined while more are needed. */
export function verdict(approval: Pick<Approval, 'votes' | 'quorum'>): 'approved' | 'denied' | undefined {
  if (approval.votes.some((vote) => vote.decision === 'deny')) return 'denied'
  return approval.votes.filter((vote) => vote.decision === 'approve').length >= approval.quorum ? 'approved' : undefined
}
