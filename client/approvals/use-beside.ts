import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { approvalCalls } from '#shared/approvals/api.ts'
import type { ApprovalId, UserId } from '#shared/base/ids.ts'
import { call } from '../api/api.ts'
import { notify } from '../ui/notify.ts'
import { describeError } from '../api/describe-error.ts'
import { tOf } from '../i18n/translate.ts'

const t = tOf('approvals')

const refresh = (client: QueryClient) => client.invalidateQueries({ queryKey: [approvalCalls.listApprovals.name] })

/** Takes back the own approval, as a notice offers it; what has begun meanwhile says so. */
export async function takeBack(client: QueryClient, id: ApprovalId): Promise<void> {
  try {
    await call(approvalCalls.takeBackVote, { params: { id } })
    notify(t('takenBack'), { id: `approved ${id}` })
  } catch (error) {
    notify.error(t('notTakenBack'), { id: `approved ${id}`, description: describeError(error) })
  }
  await refresh(client)
}

/** What one does about a request beside deciding it. */
export function useBeside(id: ApprovalId) {
  const client = useQueryClient()
  const onSettled = () => refresh(client)
  const failed = (error: unknown) => {
    notify.error(t('notDone'), { description: describeError(error) })
  }
  const options = { onError: failed, onSettled }
  return {
    takeBack: useMutation({
      ...options,
      mutationFn: () => call(approvalCalls.takeBackVote, { params: { id } }),
      onError: (error) => notify.error(t('notTakenBack'), { description: describeError(error) }),
    }),
    /** `expiresAt` as it is shown: two who press at once add time once. */
    extend: useMutation({
      ...options,
      mutationFn: (expiresAt: number) => call(approvalCalls.extendApproval, { params: { id }, body: { expiresAt } }),
    }),
    askAgain: useMutation({ ...options, mutationFn: (text: string) => call(approvalCalls.askApprovalAgain, { params: { id }, body: { text } }) }),
    nudge: useMutation({ ...options, mutationFn: (to: UserId) => call(approvalCalls.nudgeApprover, { params: { id }, body: { to } }) }),
  }
}

export type Beside = ReturnType<typeof useBeside>
