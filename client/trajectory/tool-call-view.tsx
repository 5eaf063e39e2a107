import { cutAfter } from '#shared/base/cut.ts'
import { Ban, Check, ChevronRight, CircleDashed, ShieldAlert, X } from 'lucide-react'
import { memo, Suspense, useMemo, type ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import type { LiveItem } from '#shared/sessions/doc.ts'
import type { ApprovalItem, ToolCallItem } from '#shared/sessions/items.ts'
import { formatTook } from '../i18n/format.ts'
import { useGrowingText } from '../sync/use-growing-text.ts'
import { useLiveNow } from '../sync/use-connected.ts'
import { cx } from '../ui/class-names.ts'
import { late } from '../ui/late.ts'
import { Spinner } from '../ui/spinner.tsx'
import { Decided } from './approved-by.tsx'
import { changeOf, type Change } from './change.ts'
import { useOpened } from './opened.ts'
import type { RowContext } from './row-context.ts'
import { exitCodeOf, isOwn, tookOf } from './rows.ts'
import { isSuggestion, SuggestionCall } from './suggestion-call.tsx'
import { outcomeOf, partialSubject, presentationOf, subjectIsCode, toolSubject, toolTitle } from './call-presentation.ts'
import { ToolIcon } from './tool-icon.tsx'

export const ToolBody = late(async () => (await import('./tool-body.tsx')).ToolBody)
const Figures = late(async () => (await import('./pictures.tsx')).Figures)

type CallProps = {
  item: ToolCallItem
  live: LiveItem | undefined
  /** The request that allowed it: the call is where it is shown. */
  approval: ApprovalItem | undefined
  /** It holds the last picture of the desktop in its run. */
  screen?: boolean | undefined
  context: RowContext
}
type Props = CallProps & { joinAbove: boolean; joinBelow: boolean }

export const frame = (joinAbove: boolean, joinBelow: boolean) =>
  cx('ml-8 overflow-hidden border border-line bg-raised', joinAbove ? 'border-t-0' : 'mt-2 rounded-t-lg', joinBelow ? '' : 'mb-1 rounded-b-lg')

/** One tool call as a row that opens: what it does, on what, how long it took, how it ended. */
export const ToolCallView = memo(({ joinAbove, joinBelow, ...call }: Props) => (
  <div className={frame(joinAbove, joinBelow)}>{isSuggestion(call.item) ? <SuggestionCall {...call} /> : <ToolCall {...call} />}</div>
))

/** The row without its frame, for a group that shares one. */
export function ToolCall({ item, live, approval, screen = false, context }: CallProps) {
  const change = useMemo(() => changeOf(item), [item])
  const exitCode = exitCodeOf(item.result)
  const failed = item.status === 'failed' || (exitCode !== undefined && exitCode !== 0)
  const [opened, setOpened] = useOpened(context.opened, item.id, opensItself(item, failed, change))
  const subject = toolSubject(item)
  const off = item.status === 'queued' || item.status === 'cancelled'
  return (
    <div>
      <ToolHead
        opened={opened}
        onClick={() => setOpened(!opened)}
        icon={<ToolIcon item={item} />}
        title={toolTitle(item)}
        off={off}
        mark={<StatusIcon item={item} failed={failed} />}
      >
        <span className={cx('min-w-16 flex-1 truncate', off ? 'text-fg-3' : 'text-fg-2', subjectIsCode(item) && 'font-mono text-code-s')}>
          {subject || (live?.args ? <PartialSubject item={item} args={live.args} /> : null)}
        </span>
        {approval && <Decided approval={approval} item={item} context={context} />}
        {change && <Counts added={change.added} removed={change.removed} />}
        <Took item={item} exitCode={exitCode} />
      </ToolHead>
      <Suspense>
        {opened ? (
          <ToolBody item={item} live={live} approval={approval && isOwn(approval, item) ? approval : undefined} change={change} context={context} />
        ) : (
          <CallFigures items={[item]} screen={screen} context={context} />
        )}
      </Suspense>
    </div>
  )
}

/** What calls drew, and, of a run, what was seen last (`screen`): shown without opening what drew it. */
export function CallFigures({ items, screen, context }: { items: readonly ToolCallItem[]; screen: boolean; context: RowContext }) {
  const kept = items.filter(({ artifactId }) => artifactId !== undefined)
  const drawn = kept.filter(({ presentation }) => presentation?.stays === 'all')
  const seen = screen ? kept.findLast(({ presentation }) => presentation?.stays === 'last') : undefined
  const shown = [...drawn, ...(seen ? [seen] : [])]
  return shown.length > 0 && <Figures items={shown} projectId={context.projectId} />
}

function opensItself(item: ToolCallItem, failed: boolean, change: Change | undefined): boolean {
  if (failed || (item.status === 'waiting' && item.approvalId !== undefined)) return true
  // Nobody decided in time: it can be asked for again.
  if (item.status === 'denied' && item.error?.code === 'expired') return true
  const shown = presentationOf(item)
  if (item.status === 'running') return shown.kind === 'command'
  return shown.kind === 'diff' && shown.before !== undefined && change !== undefined && change.lines.length > 0 && change.lines.length <= 14
}

type HeadProps = { opened: boolean; onClick(): void; icon: ReactNode; title: string; off?: boolean; mark: ReactNode; children: ReactNode }

export const ToolHead = ({ opened, onClick, icon, title, off = false, mark, children }: HeadProps) => (
  <button
    type="button"
    aria-expanded={opened}
    data-opens
    onClick={onClick}
    className="group/head @container flex min-h-8 w-full items-center gap-2 px-2.5 text-left text-ui -outline-offset-2 transition-colors duration-(--d-hover) hover:bg-hover pointer-coarse:min-h-11"
  >
    <span className="relative inline-flex shrink-0">
      <span className="inline-flex group-hover/head:opacity-0 group-focus-visible/head:opacity-0">{icon}</span>
      <ChevronRight
        size={15}
        className={cx(
          'absolute text-fg-3 opacity-0 transition-transform group-hover/head:opacity-100 group-focus-visible/head:opacity-100',
          opened && 'rotate-90',
        )}
        aria-hidden
      />
    </span>
    <span className={cx('shrink-0 font-label', off ? 'text-fg-3' : 'text-fg')}>{title}</span>
    {children}
    {mark}
  </button>
)

export function Counts({ added, removed }: { added: number; removed: number }) {
  const { t } = useTranslation('trajectory')
  if (added === 0 && removed === 0) return null
  return (
    <span className="shrink-0 text-small tabular-nums">
      <span className="sr-only">{t('changed', { added, removed })}</span>
      <span aria-hidden>
        {added > 0 && <span className="text-ok">+{added}</span>} {removed > 0 && <span className="text-danger">−{removed}</span>}
      </span>
    </span>
  )
}

const PartialSubject = ({ item, args }: { item: ToolCallItem; args: Y.Text }) => (
  <>{partialSubject(presentationOf(item).saidBy?.args ?? [], cutAfter(useGrowingText(args), 2000))}</>
)

function Took({ item, exitCode }: { item: ToolCallItem; exitCode: number | undefined }) {
  const { t } = useTranslation('trajectory')
  const now = useLiveNow(item.status === 'running' ? 1000 : null)
  if (item.status === 'waiting')
    return <span className="shrink-0 text-small text-warn">{item.approvalId ? t('status.needsApproval') : t('status.waiting')}</span>
  if (item.status === 'queued' || item.status === 'denied' || item.status === 'cancelled')
    return <span className="shrink-0 text-small text-fg-3">{t(`status.${item.status}`)}</span>
  const took = tookOf(item, now)
  const outcome = outcomeOf(item)
  return (
    <span className="shrink-0 text-small text-fg-3 tabular-nums">
      {exitCode ? <span className="text-danger">{t('exit', { code: exitCode })}</span> : outcome}
      {(exitCode || outcome) && took !== undefined ? ', ' : null}
      {took !== undefined && formatTook(took)}
    </span>
  )
}

function StatusIcon({ item, failed }: { item: ToolCallItem; failed: boolean }): ReactNode {
  const { t } = useTranslation('trajectory')
  if (failed) return <X size={15} className="shrink-0 text-danger" role="img" aria-label={t('status.failed')} />
  switch (item.status) {
    case 'ok':
      return <Check size={15} className="shrink-0 text-ok" role="img" aria-label={t('status.ok')} />
    case 'running':
      return (
        <span className="text-fg-3">
          <Spinner />
          <span className="sr-only">{t('status.running')}</span>
        </span>
      )
    case 'waiting':
      return <ShieldAlert size={15} className="shrink-0 text-warn" aria-hidden />
    case 'queued':
      return <CircleDashed size={15} className="shrink-0 text-fg-3" aria-hidden />
    default:
      return <Ban size={15} className="shrink-0 text-fg-3" aria-hidden />
  }
}
