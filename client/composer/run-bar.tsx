import { Check, CircleSlash, Pause, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import { runCalls } from '#shared/runs/api.ts'
import type { AgentId, RunId } from '#shared/base/ids.ts'
import type { RunState } from '#shared/runs/schema.ts'
import { useCall } from '../api/use-call.ts'
import { formatAgo, formatElapsed } from '../i18n/format.ts'
import { useModelName } from '../api/models.ts'
import { useConnection, useLiveNow } from '../sync/use-connected.ts'
import { Key } from '../ui/badge.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { AgentMark } from '../ui/marks.tsx'
import { isActive } from './is-active.ts'
import { useEndedBy, useRunText } from './run-text.ts'
import { Usage } from './usage.tsx'

type Shared = {
  doc: Y.Doc
  mayControl: boolean
  onInterrupt(): void
  interrupting: boolean
  armed: boolean
  /** Says something to an agent in this person's name. */
  onSay(text: string, to: AgentId): void
}

/** A run that ended shows until the next one where somebody can do something about it, or saw it end. */
function useShown(run: RunState | undefined): RunState | undefined {
  const [since] = useState(() => Date.now())
  if (!run) return undefined
  const seenEnding = run.status === 'completed' && (run.endedAt ?? 0) > since
  return isActive(run) || run.status === 'failed' || run.status === 'cancelled' || seenEnding ? run : undefined
}

type BarsProps = Shared & { runs: readonly RunState[]; /** The run of the agent that is written to. */ addressed: RunId | undefined }

/** The runs of this session, one below the other: state, time, what each used, and what people may do to it. */
export function RunBars({ runs, addressed, ...rest }: BarsProps) {
  const last = runs.at(-1)
  const shownLast = useShown(last)
  const shown = runs.filter((run) => run !== last || shownLast)
  return (
    <>
      <Announced runs={runs} />
      {shown.map((run) => (
        <Bar key={run.agentId + (run.parentRunId ?? '')} {...rest} run={run} isAddressed={run.id === addressed} isNamed={shown.length > 1} />
      ))}
      {shown.length === 0 && <div className="h-3" />}
    </>
  )
}

/** `isAddressed`: what interrupts may be a message. `isNamed`: there are others. */
type BarProps = Shared & { run: RunState; isAddressed: boolean; isNamed: boolean }

function Bar({ doc, run, mayControl, onInterrupt, interrupting, armed: isArmed, onSay, isAddressed, isNamed }: BarProps) {
  const { t } = useTranslation('composer')
  const active = isActive(run)
  const connection = useConnection()
  const away = active && connection !== 'connected'
  const now = useLiveNow(active ? 1000 : 30_000)
  const endedBy = useEndedBy(doc, run)
  const text = useRunText(run, endedBy)
  const nameOf = useModelName()
  const failed = t('notChanged')
  const given = { params: { id: run.id } }
  const pause = useCall(runCalls.pauseRun, { failed })
  const resume = useCall(runCalls.resumeRun, { failed })
  const stop = useCall(runCalls.cancelRun, { failed })
  const armed = isArmed && isAddressed
  const stopping = active && run.status !== 'paused' && ((interrupting && isAddressed) || pause.isPending || run.stopping === true)
  const time = active || run.status === 'failed' || run.status === 'completed'

  return (
    <div
      role="group"
      aria-label={isNamed ? t('run.labelOf', { agent: run.agentName }) : t('run.label')}
      className="@container flex h-(--h-bar) shrink-0 items-center gap-2 pr-3 pl-5"
    >
      <RunMark run={run} away={away} />
      {isNamed && <span className="shrink-0 text-ui text-fg-2">{run.agentName}</span>}
      <span className="min-w-0 truncate text-ui font-label" title={text}>
        {away ? t(`run.${connection === 'offline' ? 'offline' : 'reconnecting'}`) : armed ? t('run.armed') : stopping ? t('run.stopping') : text}
      </span>
      <span className="shrink-0 text-small text-fg-3 tabular-nums">
        {time ? formatElapsed((run.endedAt ?? now) - (run.startedAt ?? run.createdAt)) : formatAgo(run.endedAt ?? now, now)}
      </span>
      <span className="flex-1" />
      {time && run.model !== undefined && (
        <span
          className={cx('hidden min-w-0 shrink-[4] truncate text-small text-fg-3', active ? '@min-[560px]:inline' : '@min-[400px]:inline')}
          title={t('modelTitle', { agent: run.agentName, model: run.model })}
        >
          {nameOf(run.model)}
        </span>
      )}
      {time && <Usage usage={run.usage} />}
      {mayControl && (
        <div className="flex shrink-0 items-center gap-1.5">
          {active && !stopping && run.status === 'running' && (
            <IconButton label={t('run.pause')} className="max-sm:hidden" onClick={() => pause.mutate(given)}>
              <Pause size={15} />
            </IconButton>
          )}
          {stopping ? (
            <Button busy={stop.isPending} onClick={() => stop.mutate(given)}>
              {t('run.stopNow')}
            </Button>
          ) : run.status === 'paused' ? (
            <Button busy={resume.isPending} onClick={() => resume.mutate(given)}>
              {t('run.continue')}
            </Button>
          ) : null}
          {active && !stopping && (
            <Button title={t('run.interruptTitle')} onClick={isAddressed ? onInterrupt : () => stop.mutate(given)}>
              {t('run.interrupt')}
              {isAddressed && (
                <span className="contents max-sm:hidden">
                  <Key>Esc</Key>
                </span>
              )}
            </Button>
          )}
          {run.status === 'cancelled' && <Button onClick={() => onSay(t('run.continueText'), run.agentId)}>{t('run.continue')}</Button>}
          {run.status === 'failed' && <Button onClick={() => onSay(t('run.retryText'), run.agentId)}>{t('run.retry')}</Button>}
        </div>
      )}
    </div>
  )
}

function RunMark({ run, away }: { run: RunState; away: boolean }) {
  if (run.status === 'failed') return <X size={16} className="shrink-0 text-danger" aria-hidden />
  if (run.status === 'completed') return <Check size={16} className="shrink-0 text-ok" aria-hidden />
  if (run.status === 'cancelled') return <CircleSlash size={16} className="shrink-0 text-fg-3" aria-hidden />
  return (
    <AgentMark id={run.agentId} size="small" state={run.status === 'waiting' ? 'waiting' : run.status === 'running' && !away ? 'working' : 'ready'} />
  )
}

/** Says politely when a run begins, waits and ends; what it does in between is in the trajectory. */
function Announced({ runs }: { runs: readonly RunState[] }) {
  const { t } = useTranslation('composer')
  const [said, setSaid] = useState('')
  const last = useRef<ReadonlyMap<RunId, string>>(statusesOf(runs))
  useEffect(() => {
    const before = last.current
    last.current = statusesOf(runs)
    const news = runs.filter((run) => run.status !== 'queued' && before.get(run.id) !== run.status)
    if (news.length > 0)
      setSaid(news.map((run) => t(`run.said.${run.status as Exclude<RunState['status'], 'queued'>}`, { agent: run.agentName })).join(' '))
  }, [runs, t])
  return (
    <p aria-live="polite" className="sr-only">
      {said}
    </p>
  )
}

const statusesOf = (runs: readonly RunState[]) => new Map(runs.map(({ id, status }) => [id, status]))
