import { ShieldAlert, ShieldCheck, ShieldOff, ShieldX, type LucideIcon } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { mayExtend } from '#shared/approvals/limits.ts'
import { mayDecide } from '#shared/approvals/may-decide.ts'
import type { Approval, ApprovalStatus } from '#shared/approvals/schema.ts'
import type { UserId } from '#shared/base/ids.ts'
import type { Role } from '#shared/projects/schema.ts'
import { useCommands } from '../commands/commands.ts'
import { formatLeft } from '../i18n/format.ts'
import { useLiveNow } from '../sync/use-connected.ts'
import { Badge } from '../ui/badge.tsx'
import { cx } from '../ui/class-names.ts'
import { Actions, type Decider } from './actions.tsx'
import { ArgumentTable } from './argument-table.tsx'
import { EditedBy, Notes } from './notes.tsx'
import { AskAgain, asksAgain, Outcome } from './outcome.tsx'
import { Quorum, soonMs } from './quorum.tsx'
import { Reasons } from './reasons.tsx'
import { riskTones } from './risks.ts'
import { titleOf } from './titles.ts'
import { useVoteActions } from './use-vote-actions.ts'
import { useDecide, useEdit } from './use-decide.ts'

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
  /** Who else edits its arguments now, by name. */
  editors?: readonly string[]
  /** This person begins, or ends, to edit its arguments. */
  onEditing?(editing: boolean): void
}

const nobody: readonly Decider[] = []
const noNames: readonly string[] = []

/**
 * One request for people to decide: exactly what would run, who agreed so far, and what one may do about it. While the focus is
 * in it, or on the row around it, the keys A, D and E act on it.
 */
export function ApprovalCard({ approval, me, role, where, focusable = false, deciders = nobody, editors = noNames, onEditing }: Props) {
  const { t } = useTranslation('approvals')
  const pending = approval.status === 'pending'
  const { icon: Icon, tone } = icons[approval.status]
  const title = titleOf(approval)
  /** `digest`: of the arguments that the edit began with. */
  const [edited, setEdited] = useState<{ texts: Record<string, string>; digest: string | undefined }>()
  const edits = edited?.texts
  const editing = pending && edits !== undefined
  const setEdits = (texts: Record<string, string>) => setEdited((before) => ({ texts, digest: before ? before.digest : approval.digest }))
  const decide = useDecide(approval, me.id)
  const edit = useEdit(approval)
  const voteActions = useVoteActions()
  const params = { id: approval.id }
  const card = useRef<HTMLElement>(null)
  const may = pending && mayDecide(approval, me.id, role) === undefined

  const endEditing = () => {
    setEdited(undefined)
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
  const reRequest = () => voteActions.reRequest.mutate({ params, body: { text: t('askAgainText', { title }) } })
  const extend = () => {
    if (approval.expiresAt !== null) voteActions.extend.mutate({ params, body: { expiresAt: approval.expiresAt } })
  }
  useTold(editing, onEditing)
  const approvedByMe = approval.votes.some((vote) => vote.by === me.id && vote.decision === 'approve')
  useCommands(
    may && !editing
      ? [
          ...(approvedByMe
            ? [{ ...key('take-back', 't'), label: t('commands.takeBack'), run: onKey(() => voteActions.takeBack.mutate({ params })) }]
            : [{ ...key('approve', 'a'), label: t('commands.approve'), run: onKey(() => decide.mutate({ decision: 'approve' })) }]),
          { ...key('deny', 'd'), label: t('commands.deny'), run: onKey(() => decide.mutate({ decision: 'deny' })) },
          { ...key('edit', 'e'), label: t('commands.edit'), run: onKey(() => setEdits({})) },
          { ...key('extend', '+'), label: t('commands.extend'), run: onKey(() => mayExtend(approval, Date.now()) && extend()) },
        ]
      : mayAskAgain
        ? [{ ...key('ask-again', 'a'), label: t('commands.askAgain'), run: onKey(reRequest) }]
        : [],
  )

  return (
    <article
      ref={card}
      data-approval-id={approval.id}
      tabIndex={focusable ? 0 : undefined}
      aria-label={t('card', { title })}
      className={cx('group rounded-lg border bg-raised', pending ? 'border-line-strong' : 'border-line')}
    >
      <div className="px-3.5 pt-3 pb-3">
        <header className="flex flex-wrap items-start gap-x-2.5 gap-y-1">
          <Icon size={16} className={cx('mt-0.5 shrink-0', tone)} aria-hidden />
          <div className="min-w-0 flex-1">
            <h3 className="text-ui font-title break-words">{title}</h3>
            {where && <p className="text-small text-fg-3">{where}</p>}
          </div>
          {pending && <Badge tone={riskTones[approval.risk]}>{t(`risk.${approval.risk}`)}</Badge>}
          {pending && approval.expiresAt !== null && <TimeLeft until={approval.expiresAt} />}
        </header>
        {pending && <Reasons approval={approval} />}
        {pending && approval.covers === 'run' && (
          <p className="mt-1 pl-[26px] text-small text-fg-2 max-sm:pl-0">{t('desktopForRun', { agent: approval.requestedBy.agentName })}</p>
        )}
        <ArgumentTable approval={approval} edits={editing ? edits : undefined} onEdit={setEdits} onCancel={endEditing} mayEdit={may} />
        {pending && <EditedBy names={editors} />}
        {pending && <Quorum approval={approval} />}
        {pending && <Notes approval={approval} me={me} />}
        {pending && (
          <Actions
            approval={approval}
            me={me}
            role={role}
            decide={decide}
            voteActions={voteActions}
            deciders={deciders}
            edit={edit}
            edited={edited}
            onEndEditing={endEditing}
          />
        )}
      </div>
      {!pending && <Outcome approval={approval}>{mayAskAgain && <AskAgain busy={voteActions.reRequest.isPending} onAsk={reRequest} />}</Outcome>}
    </article>
  )
}

/** Tells whoever wants to know when editing begins and ends; it ends with the card, too. */
function useTold(editing: boolean, onEditing: Props['onEditing']): void {
  useEffect(() => {
    if (!editing || !onEditing) return undefined
    onEditing(true)
    return () => onEditing(false)
  }, [editing, onEditing])
}

const key = (name: string, pressed: string) => ({ id: `approval.${name}`, group: 'approvals' as const, keys: [pressed], keysOnly: true })

/** What is left, as soon as it matters: a request that waits for days is in no hurry. */
export function TimeLeft({ until }: { until: number }) {
  const left = until - useLiveNow(1000)
  if (left > soonMs) return null
  return (
    <span className={cx('shrink-0 text-small leading-[18px] tabular-nums', left < 60_000 ? 'text-danger' : 'text-fg-3')}>{formatLeft(left)}</span>
  )
}
