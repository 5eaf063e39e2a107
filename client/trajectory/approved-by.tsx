import { useCallback } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import type { ApprovalId } from '#shared/base/ids.ts'
import { readApprovalState, readItems, sessionStates } from '#shared/sessions/doc.ts'
import { formatNames } from '../base/format.ts'
import { useDocValue } from '../base/use-document.ts'
import { Button } from '../ui/button.tsx'
import type { RowContext } from './row-context.ts'

type Props = { approvalId: ApprovalId; context: RowContext }

function useApproval({ approvalId, context }: Props) {
  return useDocValue(
    context.doc,
    useCallback(
      (doc: Y.Doc) => {
        const item = readItems(doc).findLast((one) => one.type === 'approval' && one.approval.id === approvalId)
        if (item?.type !== 'approval') return undefined
        const votes = (readApprovalState(doc, item.id) ?? item.approval).votes
        return {
          itemId: item.id,
          quorum: item.approval.quorum,
          approved: votes.filter((vote) => vote.decision === 'approve').map((vote) => vote.name),
        }
      },
      [approvalId],
    ),
    sessionStates,
  )
}

/** Who allowed a call, while the approval is at hand. */
export function ApprovedBy(props: Props) {
  const { t } = useTranslation('trajectory')
  const approval = useApproval(props)
  if (!approval || approval.approved.length === 0) return null
  return <span className="max-w-[45%] shrink-0 truncate text-small text-fg-3">{t('approvedBy', { names: formatNames(approval.approved) })}</span>
}

/** What a call that waits for people waits for, and the way there. */
export function WaitsForApproval(props: Props) {
  const { t } = useTranslation('trajectory')
  const approval = useApproval(props)
  if (!approval) return null
  return (
    <div className="flex min-h-11 items-center gap-2 px-3 py-1.5 text-ui text-fg-2">
      <span className="flex-1">{t('approvedOf', { have: approval.approved.length, need: approval.quorum })}</span>
      <Button onClick={() => props.context.onGoTo(approval.itemId)}>{t('goToApproval')}</Button>
    </div>
  )
}
