import { useTranslation } from '../i18n/use-translation.ts'
import type { Approval } from '#shared/approvals/schema.ts'
import { formatNames, formatTime } from '../base/format.ts'
import { VoteMark } from './quorum.tsx'

/** How a request ended. */
export function Outcome({ approval }: { approval: Approval }) {
  const { t } = useTranslation('approvals')
  const deciding = approval.votes.filter((vote) => vote.decision === (approval.status === 'denied' ? 'deny' : 'approve'))
  const names = formatNames(deciding.map((vote) => vote.name))
  const time = approval.decidedAt === null ? '' : formatTime(approval.decidedAt)
  const reason = approval.reason ?? deciding.find((vote) => vote.reason)?.reason
  const denied = !names ? t('denied', { time }) : reason ? t('deniedBecause', { names, reason }) : t('deniedBy', { names, time })
  return (
    <footer className="flex min-h-10 items-center gap-2 border-t border-line px-3.5 py-2 text-ui text-fg-2">
      <span className="flex -space-x-1">
        {deciding.map((vote) => (
          <VoteMark key={vote.by} vote={vote} />
        ))}
      </span>
      <span className="min-w-0 break-words">
        {approval.status === 'approved' && (names ? t('approvedBy', { names, time }) : t('approved', { time }))}
        {approval.status === 'denied' && denied}
        {approval.status === 'expired' && t('expired')}
        {approval.status === 'cancelled' && t('cancelled')}
      </span>
    </footer>
  )
}
