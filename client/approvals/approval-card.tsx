import { ShieldAlert, ShieldCheck, ShieldOff, ShieldX, type LucideIcon } from 'lucide-react'
import { useRef, useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { mayExtend } from '#shared/approvals/limits.ts'
import { mayDecide } from '#shared/approvals/may-decide.ts'
import type { Approval, ApprovalStatus } from '#shared/approvals/schema.ts'
import type { UserId } from '#shared/base/ids.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import { useCommands } from '../base/commands.ts'
import { formatLeft } from '../base/format.ts'
import { useLiveNow } from '../base/use-connected.ts'
import { Badge } from '../ui/badge.tsx'
import { cx } from '../ui/class-names.ts'
import { Actions, type Decider } from './actions.tsx'
import { ArgumentTable } from './argument-table.tsx'
import { Notes } from './notes.tsx'
import { AskAgain, Outcome } from './outcome.tsx'
import { Quorum } from './quorum.tsx'
import { riskTones } from './risks.ts'
import { useBeside } from './use-beside.ts'
import { useDecide } from './use-decide.ts'

const icons: Record<ApprovalStatus, { icon: LucideIcon; tone: string }> = {
  pending: { icon: ShieldAlert, tone: 'text-warn' },
  approved: { icon: ShieldCheck, tone: 'text-fg-3' },
  denied: { icon: ShieldX, tone: 'text-fg-3' },
  expired: { icon: ShieldOff, tone: 'text-fg-3' },
  cancelled: { icon: ShieldX, tone: 'text-fg-3' },
}

type Props = {
  approval: Approval
  me: { id: UserId }
  role: Role
  /** Where it was asked, when the card stands outside its room. */
  where?: ReactNode
  /** Takes the focus itself: in a list of cards. In the trajectory the row does. */
  focusable?: boolean
  /** Whom somebody who may not decide can ask. */
  deciders?: readonly Decider[]
}

const nobody: readonly Decider[] = []

/**
 * One request for people to decide: exactly what would run, who agreed so far, and what one may do about it. While the focus is
 * in it, or on the row around it, the keys A, D and E act on it.
 */
export function ApprovalCard({ approval, me, role, where, focusable = false, deciders = nobody }: Props) {
  const { t } = useTranslation('approvals')
  const pending = approval.status === 'pending'
  const { icon: Icon, tone } = icons[approval.status]
  const [edits, setEdits] = useState<Record<string, string>>()
  const editing = pending && edits !== undefined
  const decide = useDecide(approval.id)
  const beside = useBeside(approval.id)
  const card = useRef<HTMLElement>(null)
  const may = pending && mayDecide(approval, me.id, role) === undefined

  const endEditing = () => {
    setEdits(undefined)
    // The field that had the focus is gone.
    if (focusable) card.current?.focus()
  }
  /** Whether a key is meant for this card. */
  const focused = () => {
    const at = document.activeElement
    // In the trajectory the row has the focus, in a list the card.
    return at?.closest('[data-approval-id]')?.getAttribute('data-approval-id') === approval.id
  }
  const onKey = (act: () => void) => () => {
    if (!focused() || decide.isPending) return false
    act()
    return true
  }
  const mayAskAgain = asksAgain(approval, role)
  const askAgain = () => beside.askAgain.mutate(t('askAgainText', { title: approval.title }))
  const extend = () => {
    if (approval.expiresAt !== null) beside.extend.mutate(approval.expiresAt)
  }
  const approvedByMe = approval.votes.some((vote) => vote.by === me.id && vote.decision === 'approve')
  useCommands(
    may && !editing
      ? [
          ...(approvedByMe
            ? [{ ...key('take-back', 't'), label: t('commands.takeBack'), run: onKey(() => beside.takeBack.mutate()) }]
            : [{ ...key('approve', 'a'), label: t('commands.approve'), run: onKey(() => decide.mutate({ decision: 'approve' })) }]),
          { ...key('deny', 'd'), label: t('commands.deny'), run: onKey(() => decide.mutate({ decision: 'deny' })) },
          { ...key('edit', 'e'), label: t('commands.edit'), run: onKey(() => setEdits({})) },
          { ...key('extend', '+'), label: t('commands.extend'), run: onKey(() => mayExtend(approval, Date.now()) && extend()) },
        ]
      : mayAskAgain
        ? [{ ...key('ask-again', 'a'), label: t('commands.askAgain'), run: onKey(askAgain) }]
        : [],
  )

  return (
    <article
      ref={card}
      data-approval-id={approval.id}
      tabIndex={focusable ? 0 : undefined}
      aria-label={t('card', { title: approval.title })}
      className={cx('group rounded-lg border bg-raised', pending ? 'border-line-strong' : 'border-line')}
    >
      <div className="px-3.5 pt-3 pb-3">
        <header className="flex flex-wrap items-start gap-x-2.5 gap-y-1">
          <Icon size={16} className={cx('mt-0.5 shrink-0', tone)} aria-hidden />
          <div className="min-w-0 flex-1">
            <h3 className="text-ui font-title break-words">{approval.title}</h3>
            {where && <p className="text-small text-fg-3">{where}</p>}
          </div>
          {pending && <Badge tone={riskTones[approval.risk]}>{t(`risk.${approval.risk}`)}</Badge>}
          {pending && approval.expiresAt !== null && <TimeLeft until={approval.expiresAt} />}
        </header>
        <ArgumentTable approval={approval} edits={editing ? edits : undefined} onEdit={setEdits} onCancel={endEditing} mayEdit={may} />
        {pending && <Quorum approval={approval} />}
        {pending && <Notes approval={approval} me={me} />}
        {pending && (
          <Actions
            approval={approval}
            me={me}
            role={role}
            decide={decide}
            beside={beside}
            deciders={deciders}
            edits={edits}
            onEndEditing={endEditing}
          />
        )}
      </div>
      {!pending && <Outcome approval={approval}>{mayAskAgain && <AskAgain busy={beside.askAgain.isPending} onAsk={askAgain} />}</Outcome>}
    </article>
  )
}

/** Once for each request that nobody decided. */
const asksAgain = ({ status, notes }: Approval, role: Role) =>
  status === 'expired' && can(role, 'agent.ask') && !notes?.some(({ kind }) => kind === 'asked_again')

const key = (name: string, pressed: string) => ({ id: `approval.${name}`, group: 'approvals' as const, keys: [pressed], keysOnly: true })

export function TimeLeft({ until }: { until: number }) {
  const left = until - useLiveNow(1000)
  return (
    <span className={cx('shrink-0 text-small leading-[18px] tabular-nums', left < 60_000 ? 'text-danger' : 'text-fg-3')}>{formatLeft(left)}</span>
  )
}
