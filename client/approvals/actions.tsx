import { Check, Info, Lock } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { mayDecide } from '#shared/approvals/may-decide.ts'
import type { Approval } from '#shared/approvals/schema.ts'
import type { UserId } from '#shared/base/ids.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import { formatNames, formatTime } from '../base/format.ts'
import { Button } from '../ui/button.tsx'
import { fieldLook } from '../ui/field.tsx'
import { withEdits } from './arguments.ts'
import type { Decide } from './use-decide.ts'

type Props = {
  approval: Approval
  me: { id: UserId }
  role: Role
  decide: Decide
  edits: Record<string, string> | undefined
  onEndEditing(): void
}

/** What one may do about a request that waits: decide it, save what was edited, or read why one may not. */
export function Actions({ approval, me, role, decide, edits, onEndEditing }: Props) {
  const { t } = useTranslation('approvals')
  const refused = mayDecide(approval, me.id, role)
  const mine = approval.votes.find((vote) => vote.by === me.id && vote.decision === 'approve')
  if (refused) {
    return (
      <Line>
        <Lock size={14} className="shrink-0 text-fg-3" aria-hidden />
        {t(`cannot.${refused}`)}
      </Line>
    )
  }
  if (edits) return <Saving approval={approval} decide={decide} edits={edits} onEndEditing={onEndEditing} />
  return (
    <>
      {mine && (
        <Line>
          <Check size={14} className="shrink-0 text-ok" aria-hidden />
          {t('youApproved', { time: formatTime(mine.at) })}
        </Line>
      )}
      <Deciding approval={approval} role={role} decide={decide} approved={mine !== undefined} />
    </>
  )
}

const Line = ({ children }: { children: ReactNode }) => <p className="mt-3 flex items-center gap-2 text-ui text-fg-2">{children}</p>

function Saving({ approval, decide, edits, onEndEditing }: Pick<Props, 'approval' | 'decide' | 'onEndEditing'> & { edits: Record<string, string> }) {
  const { t } = useTranslation('approvals')
  const agreed = approval.votes.filter((vote) => vote.decision === 'approve')
  return (
    <>
      {agreed.length > 0 && (
        <Line>
          <Info size={14} className="shrink-0 text-fg-3" aria-hidden />
          {t('savingClears', { names: formatNames(agreed.map((vote) => vote.name)) })}
        </Line>
      )}
      <div className="mt-3 flex items-center gap-2">
        <Button
          look="primary"
          busy={decide.isPending}
          onClick={() => decide.mutate({ decision: 'approve', args: withEdits(approval.args, edits) }, { onSuccess: onEndEditing })}
        >
          {t('saveAndApprove')}
        </Button>
        <Button look="ghost" className="ml-auto" onClick={onEndEditing}>
          {t('cancel')}
        </Button>
      </div>
    </>
  )
}

const KeyHint = ({ children }: { children: string }) => (
  <span aria-hidden className="hidden text-micro opacity-80 group-focus-within:inline pointer-coarse:hidden!">
    {children}
  </span>
)

function Deciding({ approval, role, decide, approved }: Pick<Props, 'approval' | 'role' | 'decide'> & { approved: boolean }) {
  const { t } = useTranslation('approvals')
  const [reason, setReason] = useState<string>()
  const deny = () => decide.mutate({ decision: 'deny', ...(reason?.trim() && { reason: reason.trim() }) })
  const busy = (kind: string) => decide.isPending && decide.variables.decision === kind
  return (
    <>
      {reason !== undefined && (
        <input
          aria-label={t('reason')}
          value={reason}
          autoFocus
          maxLength={2000}
          placeholder={t('reasonPlaceholder', { agent: approval.requestedBy.agentName })}
          onChange={(event) => setReason(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              event.preventDefault()
              event.stopPropagation()
              setReason(undefined)
            }
            if (event.key === 'Enter' && !event.nativeEvent.isComposing && !decide.isPending) deny()
          }}
          className={`${fieldLook} mt-3 h-(--h-control-lg)`}
        />
      )}
      <div className="mt-3 flex flex-wrap items-center gap-2 max-sm:grid max-sm:grid-cols-2">
        {!approved && (
          <Button
            look="primary"
            className="max-sm:order-2"
            busy={busy('approve')}
            disabled={decide.isPending}
            onClick={() => decide.mutate({ decision: 'approve' })}
          >
            {t('approve')}
            <KeyHint>A</KeyHint>
          </Button>
        )}
        {!approved && can(role, 'policy.manage') && (
          <Button
            className="max-sm:order-4"
            disabled={decide.isPending}
            title={t('alwaysHint')}
            onClick={() => decide.mutate({ decision: 'approve', scope: 'always' })}
          >
            {t('always')}
          </Button>
        )}
        <span className="ml-auto flex items-center max-sm:contents">
          {reason === undefined && (
            <Button look="ghost" className="max-sm:order-3" title={t('reasonHint')} disabled={decide.isPending} onClick={() => setReason('')}>
              {t('reason')}
            </Button>
          )}
          <Button
            look={reason === undefined ? 'deny' : 'destructive'}
            className="max-sm:order-1 max-sm:border-line-strong"
            busy={busy('deny')}
            disabled={decide.isPending}
            onClick={deny}
          >
            {t('deny')}
            {reason === undefined && <KeyHint>D</KeyHint>}
          </Button>
        </span>
      </div>
    </>
  )
}
