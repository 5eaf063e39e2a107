import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { approvalCalls } from '#shared/approvals/api.ts'
import type { Approval, Decision } from '#shared/approvals/schema.ts'
import { AppError } from '#shared/base/errors.ts'
import { call } from '../api/api.ts'
import { notify } from '../ui/notify.ts'
import { describeError } from '../api/describe-error.ts'
import { tOf } from '../i18n/translate.ts'
import { takeBack } from './use-vote-actions.ts'
import { useSeen } from './use-seen.ts'

const t = tOf('approvals')

/** Why a decision or an edit was refused, in the reader's language where it is known. */
function whyRefused(error: unknown, sent: string | undefined, { digest, editedBy, verb }: Approval): string {
  const changed = error instanceof AppError && error.code === 'conflict' && editedBy && sent !== undefined && digest !== sent
  if (!changed) return describeError(error)
  return t(verb === 'shell' ? 'changedCommandMeanwhile' : 'changedMeanwhile', { name: editedBy.name })
}

/** Decides one approval, as it was read; the loser of a race is told so. */
export function useDecide(approval: Approval, me: string) {
  const client = useQueryClient()
  const latest = useRef(approval)
  latest.current = approval
  const seen = useSeen(approval, me)
  const { id } = approval
  return useMutation({
    mutationFn: (decision: Decision) => call(approvalCalls.decideApproval, { params: { id }, body: { ...(seen && { digest: seen }), ...decision } }),
    onSuccess(decided) {
      if (!decided.takeBack) return
      notify(t('approvedHeld', { agent: decided.requestedBy.agentName }), {
        id: `approved ${id}`,
        action: { label: t('takeBack'), onClick: () => void takeBack(client, id) },
      })
    },
    onError: (error, decision) => {
      notify.error(t('notCounted'), { description: whyRefused(error, decision.digest ?? seen, latest.current) })
    },
    onSettled: () => client.invalidateQueries({ queryKey: [approvalCalls.listApprovals.name] }),
  })
}

export type Decide = ReturnType<typeof useDecide>

/** Stores other arguments without a vote. `digest`: of those that the edit began with. */
export function useEdit(approval: Approval) {
  const client = useQueryClient()
  const latest = useRef(approval)
  latest.current = approval
  const { id } = approval
  return useMutation({
    mutationFn: ({ args, digest }: { args: unknown; digest: string | undefined }) =>
      call(approvalCalls.editApproval, { params: { id }, body: { args, ...(digest && { digest }) } }),
    onError: (error, { digest }) => {
      notify.error(t('notSaved'), { description: whyRefused(error, digest, latest.current) })
    },
    onSettled: () => client.invalidateQueries({ queryKey: [approvalCalls.listApprovals.name] }),
  })
}

export type Edit = ReturnType<typeof useEdit>
