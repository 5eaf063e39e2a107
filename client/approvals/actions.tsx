import { Check, Info, Lock, TimerReset } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { approvalLimits, mayExtend } from '#shared/approvals/limits.ts'
import { mayDecide } from '#shared/approvals/may-decide.ts'
import type { Approval } from '#shared/approvals/schema.ts'
import type { UserId } from '#shared/base/ids.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import { formatNames, formatTime } from '../i18n/format.ts'
import { useNow } from '../ui/use-now.ts'
import { useLiveNow } from '../sync/use-connected.ts'
import { Button } from '../ui/button.tsx'
import { fieldLook } from '../ui/field.tsx'
import { withEdits } from './arguments.ts'
import type { VoteActions } from './use-vote-actions.ts'
import type { Decide, Edit } from './use-decide.ts'

/** Somebody who may decide. */
export type Decider = { id: UserId; name: string }

type Props = {
  approval: Approval
  me: { id: UserId }
  role: Role
  decide: Decide
  voteActions: VoteActions
  /** Whom this person may ask when they may not decide, the first one first. */
  deciders: readonly Decider[]
  edit: Edit
  /** What was typed over the arguments so far, and what they were when that began. */
  edited: Edited | undefined
  onEndEditing(): void
}
export type Edited = { texts: Record<string, string>; digest: string | undefined }

/** What one may do about a request that waits: decide it, save what was edited, or read why one may not. */
export function Actions({ approval, me, role, decide, voteActions, deciders, edit, edited, onEndEditing }: Props) {
  const { t } = useTranslation('approvals')
  const refused = mayDecide(approval, me.id, role)
  const mine = approval.votes.find((vote) => vote.by === me.id && vote.decision === 'approve')
  if (refused) {
    return (
      <Line>
        <Lock size={14} className="shrink-0 text-fg-3" aria-hidden />
        <span className="min-w-0 flex-1">{t(`cannot.${refused}`)}</span>
        <AskSomebody approval={approval} me={me} nudge={voteActions.nudge} deciders={deciders} />
      </Line>
    )
  }
  if (edited) return <Saving approval={approval} decide={decide} edit={edit} edited={edited} onEndEditing={onEndEditing} />
  return (
    <>
      {mine && (
        <Line>
          <Check size={14} className="shrink-0 text-ok" aria-hidden />
          <span className="min-w-0 flex-1">{t('youApproved', { time: formatTime(mine.at) })}</span>
          <Button busy={voteActions.takeBack.isPending} onClick={() => voteActions.takeBack.mutate({ params: { id: approval.id } })}>
            {t('takeBack')}
            <KeyHint>T</KeyHint>
          </Button>
        </Line>
      )}
      <Deciding approval={approval} role={role} decide={decide} extend={voteActions.extend} approved={mine !== undefined} />
    </>
  )
}

const Line = ({ children }: { children: ReactNode }) => <div className="mt-3 flex min-h-7 items-center gap-2 text-ui text-fg-2">{children}</div>

type AskProps = Pick<Props, 'approval' | 'me' | 'deciders'> & { nudge: VoteActions['nudge'] }

/** Asks one of those who may decide; who was asked just now is asked again later. */
function AskSomebody({ approval, me, nudge, deciders }: AskProps) {
  const { t } = useTranslation('approvals')
  const now = useNow(30_000)
  const asked = approval.notes?.findLast((note) => note.kind === 'nudged' && note.by === me.id && now - note.at < approvalLimits.nudgeEveryMs)
  if (asked?.kind === 'nudged') return <span className="text-small text-fg-3">{t('asked', { name: asked.toName })}</span>
  const first = deciders.find(({ id }) => !approval.votes.some((vote) => vote.by === id))
  if (!first) return null
  return (
    <Button busy={nudge.isPending} onClick={() => nudge.mutate({ params: { id: approval.id }, body: { to: first.id } })}>
      {t('ask', { name: first.name })}
    </Button>
  )
}

function Saving({ approval, decide, edit, edited, onEndEditing }: Pick<Props, 'approval' | 'decide' | 'edit' | 'onEndEditing'> & { edited: Edited }) {
  const { t } = useTranslation('approvals')
  const agreed = approval.votes.filter((vote) => vote.decision === 'approve')
  const { digest } = edited
  const args = withEdits(approval.args, edited.texts)
  const busy = decide.isPending || edit.isPending
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
          disabled={busy}
          onClick={() => decide.mutate({ decision: 'approve', args, ...(digest && { digest }) }, { onSuccess: onEndEditing })}
        >
          {t('saveAndApprove')}
        </Button>
        <Button busy={edit.isPending} disabled={busy} onClick={() => edit.mutate({ args, digest }, { onSuccess: onEndEditing })}>
          {t('save')}
        </Button>
        <Button look="ghost" className="ml-auto" onClick={onEndEditing}>
          {t('cancel')}
        </Button>
      </div>
    </>
  )
}

/** Stands upon the button's corner and takes no room: a press gives the focus, and what is pressed must not move away under it. */
const KeyHint = ({ children }: { children: string }) => (
  <span
    aria-hidden
    className="absolute -top-2 -right-1.5 hidden h-4 min-w-4 items-center justify-center rounded border border-line bg-raised px-0.5 text-micro text-fg-2 group-focus-within:inline-flex pointer-coarse:hidden!"
  >
    {children}
  </span>
)

function Deciding({
  approval,
  role,
  decide,
  extend,
  approved,
}: Pick<Props, 'approval' | 'role' | 'decide'> & { extend: VoteActions['extend']; approved: boolean }) {
  const { t } = useTranslation('approvals')
  const now = useLiveNow(approval.expiresAt === null ? null : 1000)
  const [reason, setReason] = useState<string>()
  const deny = () => decide.mutate({ decision: 'deny', ...(reason?.trim() && { reason: reason.trim() }) })
  /** What a plain approval comes to, so that the other one is offered beside it. */
  const forRun = approval.covers === 'run'
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
      <div className="mt-3 flex flex-wrap items-center gap-x-1.5 gap-y-2 max-sm:grid max-sm:grid-cols-2">
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
        {!approved && (
          <Button
            className="max-sm:order-4"
            disabled={decide.isPending}
            title={t(forRun ? 'onceHint' : 'forRunHint')}
            onClick={() => decide.mutate({ decision: 'approve', scope: forRun ? 'once' : 'run' })}
          >
            {t(forRun ? 'once' : 'forRun')}
          </Button>
        )}
        {!approved && can(role, 'policy.manage') && (
          <Button
            className="max-sm:order-4"
            disabled={decide.isPending}
            aria-label={t('always')}
            title={t('alwaysHint')}
            onClick={() => decide.mutate({ decision: 'approve', scope: 'always' })}
          >
            {t('alwaysShort')}
          </Button>
        )}
        {mayExtend(approval, now) && (
          <Button
            className="max-sm:order-5"
            icon={<TimerReset size={14} aria-hidden />}
            busy={extend.isPending}
            onClick={() => approval.expiresAt !== null && extend.mutate({ params: { id: approval.id }, body: { expiresAt: approval.expiresAt } })}
          >
            {t('extend')}
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
