import type { QueryClient } from '@tanstack/react-query'
import { approvalCalls } from '#shared/approvals/api.ts'
import type { ApprovalId } from '#shared/base/ids.ts'
import { attempt } from '../api/attempt.ts'
import { useCall } from '../api/use-call.ts'
import { notify } from '../ui/notify.ts'
import { tOf } from '../i18n/translate.ts'

const t = tOf('approvals')

/** Takes back the own approval, as a notice offers it; what has begun meanwhile says so. */
export async function takeBack(client: QueryClient, id: ApprovalId): Promise<void> {
  const notice = `approved ${id}`
  if (await attempt(approvalCalls.takeBackVote, { params: { id } }, t('notTakenBack'), notice)) notify(t('takenBack'), { id: notice })
  await client.invalidateQueries({ queryKey: [approvalCalls.listApprovals.name] })
}

/** What one does about a request beside deciding it. */
export function useVoteActions() {
  const options = { invalidates: [approvalCalls.listApprovals], failed: t('notDone') }
  return {
    takeBack: useCall(approvalCalls.takeBackVote, { ...options, failed: t('notTakenBack') }),
    /** `expiresAt` as it is shown: two who press at once add time once. */
    extend: useCall(approvalCalls.extendApproval, options),
    reRequest: useCall(approvalCalls.askApprovalAgain, options),
    nudge: useCall(approvalCalls.nudgeApprover, options),
  }
}

export type VoteActions = ReturnType<typeof useVoteActions>
