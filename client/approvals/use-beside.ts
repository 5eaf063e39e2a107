import type { QueryClient } from '@tanstack/react-query'
import { approvalCalls } from '#shared/approvals/api.ts'
import type { ApprovalId } from '#shared/base/ids.ts'
import { call } from '../api/api.ts'
import { useCall } from '../api/use-call.ts'
import { notify } from '../ui/notify.ts'
import { describeError } from '../api/describe-error.ts'
import { tOf } from '../i18n/translate.ts'

const t = tOf('approvals')

/** Takes back the own approval, as a notice offers it; what has begun meanwhile says so. */
export async function takeBack(client: QueryClient, id: ApprovalId): Promise<void> {
  try {
    await call(approvalCalls.takeBackVote, { params: { id } })
    notify(t('takenBack'), { id: `approved ${id}` })
  } catch (error) {
    notify.error(t('notTakenBack'), { id: `approved ${id}`, description: describeError(error) })
  }
  await client.invalidateQueries({ queryKey: [approvalCalls.listApprovals.name] })
}

/** What one does about a request beside deciding it. */
export function useBeside() {
  const options = { invalidates: [approvalCalls.listApprovals], failed: t('notDone') }
  return {
    takeBack: useCall(approvalCalls.takeBackVote, { ...options, failed: t('notTakenBack') }),
    /** `expiresAt` as it is shown: two who press at once add time once. */
    extend: useCall(approvalCalls.extendApproval, options),
    askAgain: useCall(approvalCalls.askApprovalAgain, options),
    nudge: useCall(approvalCalls.nudgeApprover, options),
  }
}

export type Beside = ReturnType<typeof useBeside>
