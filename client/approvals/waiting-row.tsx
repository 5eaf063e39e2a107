import { Link } from '@tanstack/react-router'
import { CornerDownLeft, ShieldAlert } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { Approval } from '#shared/approvals/schema.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { AgentMark } from '../ui/marks.tsx'
import { TimeLeft } from './approval-card.tsx'
import { argumentsOf } from './arguments.ts'
import { ReasonText } from './reasons.tsx'
import { riskTones } from './risks.ts'
import { titleOf } from './titles.ts'
import { useDecide } from './use-decide.ts'

type Props = { approval: Approval; projectName: string | undefined; me: string }

/** One request in a list. What is of high risk, or does not fit into a line, is looked at before it is approved. */
export function WaitingRow({ approval, projectName, me }: Props) {
  const { t } = useTranslation('approvals')
  const decide = useDecide(approval, me)
  const lines = argumentsOf(approval.args)
  const whole = lines.length <= 1 && !lines[0]?.text.includes('\n') && (lines[0]?.text.length ?? 0) < 80
  const agent = approval.requestedBy.agentName
  const votes = approval.votes.filter((vote) => vote.decision === 'approve').length
  const busy = (kind: string) => decide.isPending && decide.variables.decision === kind
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
      <ShieldAlert size={16} className="mt-0.5 shrink-0 self-start text-warn" aria-hidden />
      <div className="min-w-44 flex-1 basis-0">
        <p className="flex flex-wrap items-center gap-x-2 text-ui">
          <span className="max-w-full truncate font-title">{titleOf(approval)}</span>
          <Badge tone={riskTones[approval.risk]}>{t(`risk.${approval.risk}`)}</Badge>
        </p>
        <p className="truncate font-mono text-code-s text-fg-2">{lines[0]?.text.split('\n')[0]}</p>
        {approval.risk !== 'low' && approval.reasons?.[0] && (
          <p className="mt-0.5 flex text-small text-fg-2">
            <ReasonText reason={approval.reasons[0]} whole={whole && approval.reasons.length === 1} />
          </p>
        )}
        <p className="mt-0.5 flex items-center gap-1.5 text-small text-fg-3">
          <AgentMark id={approval.requestedBy.agentId} size="tiny" />
          <span className="truncate">{projectName ? t('inRoom', { agent, project: projectName }) : agent}</span>
        </p>
      </div>
      <div className="flex flex-col items-end text-small text-fg-2">
        {approval.quorum > 1 && <span>{t('quorum', { done: votes, quorum: approval.quorum })}</span>}
        {approval.expiresAt !== null && <TimeLeft until={approval.expiresAt} />}
      </div>
      <div className="flex items-center gap-1">
        {approval.risk === 'high' || !whole ? (
          <Button asChild>
            <Link to="/p/$projectId/s/$sessionId" params={{ projectId: approval.projectId, sessionId: approval.sessionId }}>
              {t('review')}
              <CornerDownLeft size={14} aria-hidden />
            </Link>
          </Button>
        ) : (
          <>
            <Button look="deny" busy={busy('deny')} disabled={decide.isPending} onClick={() => decide.mutate({ decision: 'deny' })}>
              {t('deny')}
            </Button>
            <Button look="primary" busy={busy('approve')} disabled={decide.isPending} onClick={() => decide.mutate({ decision: 'approve' })}>
              {t('approve')}
            </Button>
          </>
        )}
      </div>
    </li>
  )
}
