import { mayDecide, type NotAllowed } from '#shared/approvals/may-decide.ts'
import type { Approval } from '#shared/approvals/schema.ts'
import type { UserId } from '#shared/base/ids.ts'
import type { Role } from '#shared/projects/schema.ts'

const words: Record<NotAllowed, string> = {
  viewer: 'Only editors can decide this.',
  owner: 'Only owners can decide this.',
  caused: 'Someone other than the person who started the run must decide this.',
}

/** Why this person may not decide, in words; undefined when they may. */
export function whyNot(approval: Approval, userId: UserId, role: Role): string | undefined {
  const reason = mayDecide(approval, userId, role)
  return reason && words[reason]
}

/**
 * What the votes come to: one denial denies, `quorum` approvals approve; undefined while more are needed. A vote counts by what its voter
 * may do now: of who left, or may not decide any more, it counts no longer.
 * @param roles of the members among the voters
 */
export function verdict(approval: Approval, roles: ReadonlyMap<UserId, Role>): 'approved' | 'denied' | undefined {
  const counted = approval.votes.filter(({ by }) => {
    const role = roles.get(by)
    return role !== undefined && mayDecide(approval, by, role) === undefined
  })
  if (counted.some((vote) => vote.decision === 'deny')) return 'denied'
  return counted.filter((vote) => vote.decision === 'approve').length >= approval.quorum ? 'approved' : undefined
}
