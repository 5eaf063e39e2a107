import { ShieldCheck, ShieldX } from 'lucide-react'
import { useCallback } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import type { ApprovalId } from '#shared/base/ids.ts'
import { readApprovalState, readItems, sessionItems, sessionStates } from '#shared/sessions/doc.ts'
import type { Vote } from '#shared/approvals/schema.ts'
import type { ApprovalItem, ToolCallItem } from '#shared/sessions/items.ts'
import { formatNames } from '../i18n/format.ts'
import { useDocValue } from '../sync/use-document.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import type { RowContext } from './row-context.ts'
import { isOwn } from './rows.ts'

type Props = { approval: ApprovalItem; context: RowContext }

/** The votes so far. */
function useVotes({ approval, context }: Props): readonly Vote[] {
  const state = useDocValue(
    context.doc,
    useCallback((doc: Y.Doc) => readApprovalState(doc, approval.id), [approval.id]),
    sessionStates,
  )
  return (state ?? approval.approval).votes
}

/** Who allowed a call, for itself or for all of its run, or who refused it and why. */
export function Decided({ approval, item, context }: Props & { item: ToolCallItem }) {
  const { t } = useTranslation('trajectory')
  const votes = useVotes({ approval, context })
  const names = formatNames(
    votes
      .filter(({ decision }) => decision === (item.status === 'denied' ? 'deny' : 'approve'))
      .map(({ name, key }) => (key ? t('byKey', { name, key }) : name)),
  )
  if (!names) return null
  const reason = votes.find((vote) => vote.decision === 'deny')?.reason
  const said =
    item.status !== 'denied'
      ? t(isOwn(approval, item) ? 'approvedBy' : 'allowedForRun', { names })
      : reason
        ? t('deniedBecause', { names, reason })
        : t('deniedBy', { names })
  // In a narrow row an approval of the whole run becomes an icon sooner than a decision about this call. What the call did keeps its room.
  const [words, icon] =
    item.status === 'denied' || isOwn(approval, item) ? ['@max-[360px]:hidden', '@max-[360px]:block'] : ['@max-[440px]:hidden', '@max-[440px]:block']
  const Icon = item.status === 'denied' ? ShieldX : ShieldCheck
  return (
    <>
      <span className={cx('max-w-[45%] min-w-0 shrink-[4] truncate text-small text-fg-3', words)}>{said}</span>
      <Icon size={14} className={cx('hidden shrink-0 text-fg-3', icon)} role="img" aria-label={said} />
    </>
  )
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
  const approved = useVotes({ approval, context }).filter((vote) => vote.decision === 'approve')
  return (
    <div className="flex min-h-11 items-center gap-2 px-3 py-1.5 text-ui text-fg-2">
      <span className="flex-1">{t('approvedOf', { have: approved.length, need: approval.approval.quorum })}</span>
      <Button onClick={() => context.onGoTo(approval.id)}>{t('goToApproval')}</Button>
    </div>
  )
}
