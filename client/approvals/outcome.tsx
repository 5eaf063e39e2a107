import { Clock } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ReactNode } from 'react'
import type { Approval } from '#shared/approvals/schema.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import { formatNames, formatTime } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { VoteMark, voterName } from './quorum.tsx'

const reach = { once: 'approvedBy', run: 'approvedForRun', always: 'approvedAlways' } as const

/** How a request ended. */
export function Outcome({ approval, children }: { approval: Approval; children?: ReactNode }) {
  const { t } = useTranslation('approvals')
  const deciding = approval.votes.filter((vote) => vote.decision === (approval.status === 'denied' ? 'deny' : 'approve'))
  const names = formatNames(deciding.map((vote) => voterName(vote, t)))
  const again = approval.notes?.find((note) => note.kind === 'asked_again')
  const time = approval.decidedAt === null ? '' : formatTime(approval.decidedAt)
  const reason = approval.reason ?? deciding.find((vote) => vote.reason)?.reason
  const denied = !names ? t('denied', { time }) : reason ? t('deniedBecause', { names, reason }) : t('deniedBy', { names, time })
  return (
    <footer className="flex min-h-10 items-center gap-2 border-t border-line px-3.5 py-2 text-ui text-fg-2">
      {deciding.length > 0 && (
        <span className="flex -space-x-1">
          {deciding.map((vote) => (
            <VoteMark key={vote.by} vote={vote} />
          ))}
        </span>
      )}
      {approval.status === 'expired' && <Clock size={14} className="shrink-0 text-fg-3" aria-hidden />}
      <span className="min-w-0 flex-1 break-words">
        {approval.status === 'approved' && (names ? t(reach[approval.scope ?? 'once'], { names, time }) : t('approved', { time }))}
        {approval.status === 'denied' && denied}
        {approval.status === 'expired' && t('expired')}
        {approval.status === 'cancelled' && t('cancelled')}
        {approval.grantEnded && (
          <span className="block text-small text-fg-3">
            {t('grantEnded', { name: approval.grantEnded.name, time: formatTime(approval.grantEnded.at) })}
          </span>
        )}
        {again && <span className="block text-small text-fg-3">{t('note.askedAgain', { name: again.name, time: formatTime(again.at) })}</span>}
      </span>
      {children}
    </footer>
  )
}

/** Once for each request that nobody decided. */
export const asksAgain = ({ status, notes }: Approval, role: Role) =>
  status === 'expired' && can(role, 'agent.ask') && !notes?.some(({ kind }) => kind === 'asked_again')

export function AskAgain({ busy, onAsk }: { busy: boolean; onAsk(): void }) {
  const { t } = useTranslation('approvals')
  return (
    <Button busy={busy} onClick={onAsk}>
      {t('askAgain')}
    </Button>
  )
}
