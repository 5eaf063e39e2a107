import { useCallback } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import type { ApprovalId } from '#shared/base/ids.ts'
import { readApprovalState, readItems, sessionItems, sessionStates } from '#shared/sessions/doc.ts'
import type { ApprovalItem } from '#shared/sessions/items.ts'
import { formatNames } from '../base/format.ts'
import { useDocValue } from '../base/use-document.ts'
import { Button } from '../ui/button.tsx'
import type { RowContext } from './row-context.ts'

type Props = { approval: ApprovalItem; context: RowContext }

/** Those who agreed so far. */
function useApproved({ approval, context }: Props): readonly string[] {
  const state = useDocValue(
    context.doc,
    useCallback((doc: Y.Doc) => readApprovalState(doc, approval.id), [approval.id]),
    sessionStates,
  )
  const { votes } = state ?? approval.approval
  return votes.filter((vote) => vote.decision === 'approve').map((vote) => vote.name)
}

/** Who allowed a call. */
export function ApprovedBy(props: Props) {
  const { t } = useTranslation('trajectory')
  const approved = useApproved(props)
  if (approved.length === 0) return null
  return <span className="max-w-[45%] min-w-0 shrink-[4] truncate text-small text-fg-3">{t('approvedBy', { names: formatNames(approved) })}</span>
}

/** What a call that waits for people waits for, and the way there. */
export function WaitsForApproval({ approvalId, context }: { approvalId: ApprovalId; context: RowContext }) {
  const find = useCallback(
    (doc: Y.Doc) => readItems(doc).findLast((one) => one.type === 'approval' && one.approval.id === approvalId) as ApprovalItem | undefined,
    [approvalId],
  )
  const approval = useDocValue(context.doc, find, sessionItems)
  return approval ? <Waits approval={approval} context={context} /> : null
}

function Waits({ approval, context }: Props) {
  const { t } = useTranslation('trajectory')
  const approved = useApproved({ approval, context })
  return (
    <div className="flex min-h-11 items-center gap-2 px-3 py-1.5 text-ui text-fg-2">
      <span className="flex-1">{t('approvedOf', { have: approved.length, need: approval.approval.quorum })}</span>
      <Button onClick={() => context.onGoTo(approval.id)}>{t('goToApproval')}</Button>
    </div>
  )
}
