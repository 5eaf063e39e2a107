import { useMutation, useQueryClient } from '@tanstack/react-query'
import { notify } from '../base/notify.ts'
import { approvalCalls } from '#shared/approvals/api.ts'
import type { Decision } from '#shared/approvals/schema.ts'
import type { ApprovalId } from '#shared/base/ids.ts'
import { call } from '../base/api.ts'
import { describeError } from '../base/query.ts'

/** Decides one approval; the loser of a race is told so. */
export function useDecide(id: ApprovalId) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (decision: Decision) => call(approvalCalls.decideApproval, { params: { id }, body: decision }),
    onError: (error) => {
      notify.error('Your decision did not count', { description: describeError(error) })
    },
    onSettled: () => client.invalidateQueries({ queryKey: [approvalCalls.listApprovals.name] }),
  })
}
