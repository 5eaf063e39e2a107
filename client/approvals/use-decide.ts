import { useMutation, useQueryClient } from '@tanstack/react-query'
import { approvalCalls } from '#shared/approvals/api.ts'
import type { Decision } from '#shared/approvals/schema.ts'
import type { ApprovalId } from '#shared/base/ids.ts'
import { call } from '../base/api.ts'
import { notify } from '../base/notify.ts'
import { describeError } from '../base/query.ts'
import { tOf } from '../i18n/translate.ts'
import { takeBack } from './use-beside.ts'

const t = tOf('approvals')

/** Decides one approval; the loser of a race is told so. */
export function useDecide(id: ApprovalId) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (decision: Decision) => call(approvalCalls.decideApproval, { params: { id }, body: decision }),
    onSuccess(decided) {
      if (!decided.takeBack) return
      notify(t('approvedHeld', { agent: decided.requestedBy.agentName }), {
        id: `approved ${id}`,
        action: { label: t('takeBack'), onClick: () => void takeBack(client, id) },
      })
    },
    onError: (error) => {
      notify.error(t('notCounted'), { description: describeError(error) })
    },
    onSettled: () => client.invalidateQueries({ queryKey: [approvalCalls.listApprovals.name] }),
  })
}

export type Decide = ReturnType<typeof useDecide>
