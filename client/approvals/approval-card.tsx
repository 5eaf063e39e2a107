import { Clock, Lock, ShieldAlert, ShieldCheck, ShieldX, type LucideIcon } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { Approval, ApprovalStatus, Vote } from '#shared/approvals/schema.ts'
import type { UserId } from '#shared/base/ids.ts'
import type { Role } from '#shared/projects/schema.ts'
import { formatLeft, formatNames, formatTime } from '../base/format.ts'
import { useHue } from '../base/hues.tsx'
import { useNow } from '../base/use-now.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { fieldLook } from '../ui/field.tsx'
import { PersonMark } from '../ui/marks.tsx'
import { ArgumentTable } from './argument-table.tsx'
import { withEdits } from './arguments.ts'
import { mayDecide } from '#shared/approvals/may-decide.ts'
import { risks } from './risks.ts'
import { useDecide } from './use-decide.ts'

const icons: Record<ApprovalStatus, { icon: LucideIcon; tone: string }> = {
  pending: { icon: ShieldAlert, tone: 'text-warn' },
  approved: { icon: ShieldCheck, tone: 'text-fg-3' },
  denied: { icon: ShieldX, tone: 'text-fg-3' },
  expired: { icon: Clock, tone: 'text-fg-3' },
  cancelled: { icon: ShieldX, tone: 'text-fg-3' },
}

type Props = {
  approval: Approval
  me: { id: UserId }
  role: Role
  /** Where it was asked, when the card stands outside its room. */
  where?: ReactNode
}

/** One request for people to decide: exactly what would run, who agreed so far, and what one may do about it. */
export function ApprovalCard({ approval, me, role, where }: Props) {
  const pending = approval.status === 'pending'
  const { icon: Icon, tone } = icons[approval.status]
  const [edits, setEdits] = useState<Record<string, string>>()
  const editing = pending && edits !== undefined
  return (
    <article aria-label={`Approval: ${approval.title}`} className={cx('rounded-lg border bg-raised', pending ? 'border-line-strong' : 'border-line')}>
      <div className="px-3.5 pt-3 pb-3">
        <header className="flex items-start gap-2.5">
          <Icon size={16} className={cx('mt-0.5 shrink-0', tone)} aria-hidden />
          <div className="min-w-0 flex-1">
            <h3 className="text-ui font-title break-words">{approval.title}</h3>
            {where && <p className="text-small text-fg-3">{where}</p>}
          </div>
          <Badge tone={risks[approval.risk].tone}>{risks[approval.risk].label}</Badge>
          {pending && approval.expiresAt !== null && <TimeLeft until={approval.expiresAt} />}
        </header>
        <ArgumentTable
          approval={approval}
          edits={editing ? edits : undefined}
          onEdit={setEdits}
          onCancel={() => setEdits(undefined)}
          mayEdit={pending && mayDecide(approval, me.id, role) === undefined}
        />
        {pending && <Votes approval={approval} />}
        {pending && <Actions approval={approval} me={me} role={role} edits={edits} onEndEditing={() => setEdits(undefined)} />}
      </div>
      {!pending && <Outcome approval={approval} />}
    </article>
  )
}

function TimeLeft({ until }: { until: number }) {
  const left = until - useNow(1000)
  return (
    <span className={cx('shrink-0 text-small leading-[18px] tabular-nums', left < 60_000 ? 'text-danger' : 'text-fg-3')}>{formatLeft(left)}</span>
  )
}

const VoteMark = ({ vote }: { vote: Vote }) => <PersonMark name={vote.name} colour={useHue(vote.by)} voted={vote.decision === 'approve'} />

function Votes({ approval }: { approval: Approval }) {
  const agreed = approval.votes.filter((vote) => vote.decision === 'approve')
  if (approval.quorum < 2 && agreed.length === 0) return null
  return (
    <div className="mt-3 flex items-center gap-2 text-ui">
      {agreed.map((vote) => (
        <VoteMark key={vote.by} vote={vote} />
      ))}
      {Array.from({ length: Math.max(0, approval.quorum - agreed.length) }, (_, i) => (
        <span key={i} aria-hidden className="size-[22px] rounded-full border border-dashed border-line-field" />
      ))}
      <span className="ml-1 font-label">
        {agreed.length} of {approval.quorum} approved
      </span>
    </div>
  )
}

type ActionsProps = { approval: Approval; me: { id: UserId }; role: Role; edits: Record<string, string> | undefined; onEndEditing(): void }

function Actions({ approval, me, role, edits, onEndEditing }: ActionsProps) {
  const decide = useDecide(approval.id)
  const [reason, setReason] = useState<string>()
  const refused = mayDecide(approval, me.id, role)
  const mine = approval.votes.find((vote) => vote.by === me.id)
  if (refused) {
    return (
      <p className="mt-3 flex items-center gap-2 text-ui text-fg-2">
        <Lock size={14} aria-hidden />
        {refused}
      </p>
    )
  }
  const deny = () => decide.mutate({ decision: 'deny', ...(reason?.trim() && { reason: reason.trim() }) })
  const busy = (kind: string) => decide.isPending && decide.variables.decision === kind
  if (edits) {
    const agreed = approval.votes.filter((vote) => vote.decision === 'approve')
    return (
      <>
        {agreed.length > 0 && (
          <p className="mt-2.5 text-small text-fg-3">Saving clears the approval of {formatNames(agreed.map((vote) => vote.name))}.</p>
        )}
        <div className="mt-3 flex items-center gap-2">
          <Button
            look="primary"
            busy={busy('approve')}
            onClick={() => decide.mutate({ decision: 'approve', args: withEdits(approval.args, edits) }, { onSuccess: onEndEditing })}
          >
            Save and approve
          </Button>
          <Button look="ghost" className="ml-auto" onClick={onEndEditing}>
            Cancel
          </Button>
        </div>
      </>
    )
  }
  return (
    <>
      {reason !== undefined && (
        <input
          aria-label="Reason"
          value={reason}
          autoFocus
          maxLength={2000}
          placeholder={`${approval.requestedBy.agentName} reads the reason and can try again`}
          onChange={(event) => setReason(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              event.preventDefault()
              setReason(undefined)
            }
            if (event.key === 'Enter' && !event.nativeEvent.isComposing && !decide.isPending) deny()
          }}
          className={`${fieldLook} mt-3 h-(--h-control-lg)`}
        />
      )}
      <div className="mt-3 flex flex-wrap items-center gap-2 max-sm:grid max-sm:grid-cols-2">
        <Button
          look="primary"
          className="max-sm:order-2"
          busy={busy('approve')}
          disabled={decide.isPending || mine?.decision === 'approve'}
          onClick={() => decide.mutate({ decision: 'approve' })}
        >
          {mine?.decision === 'approve' ? 'Approved by you' : 'Approve'}
        </Button>
        <Button
          className="max-sm:order-4"
          disabled={decide.isPending}
          title="Approve this, and allow this tool in this project from now on"
          onClick={() => decide.mutate({ decision: 'approve', scope: 'always' })}
        >
          Always allow
        </Button>
        <span className="ml-auto flex items-center max-sm:contents">
          {reason === undefined && (
            <Button
              look="ghost"
              className="max-sm:order-3"
              title="Say why, so that the agent can try again"
              disabled={decide.isPending}
              onClick={() => setReason('')}
            >
              Reason
            </Button>
          )}
          <Button
            look={reason === undefined ? 'deny' : 'destructive'}
            className="max-sm:order-1 max-sm:border-line-strong"
            busy={busy('deny')}
            disabled={decide.isPending}
            onClick={deny}
          >
            Deny
          </Button>
        </span>
      </div>
    </>
  )
}

function Outcome({ approval }: { approval: Approval }) {
  const deciding = approval.votes.filter((vote) => vote.decision === (approval.status === 'denied' ? 'deny' : 'approve'))
  const names = formatNames(deciding.map((vote) => vote.name))
  const at = approval.decidedAt === null ? '' : formatTime(approval.decidedAt)
  const reason = approval.reason ?? deciding.find((vote) => vote.reason)?.reason
  return (
    <footer className="flex min-h-10 items-center gap-2 border-t border-line px-3.5 py-2 text-ui text-fg-2">
      <span className="flex -space-x-1">
        {deciding.map((vote) => (
          <VoteMark key={vote.by} vote={vote} />
        ))}
      </span>
      <span className="min-w-0 break-words">
        {approval.status === 'approved' && (names ? `Approved by ${names}, ${at}` : `Approved, ${at}`)}
        {approval.status === 'denied' && (reason ? `Denied by ${names}: ${reason}` : `Denied by ${names}, ${at}`)}
        {approval.status === 'expired' && 'Nobody decided in time.'}
        {approval.status === 'cancelled' && 'No longer needed.'}
      </span>
    </footer>
  )
}
