import { Check, CircleSlash, Pause, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import { runCalls } from '#shared/runs/api.ts'
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

type Props = {
  doc: Y.Doc
  run: RunState | undefined
  mayControl: boolean
  onInterrupt(): void
  interrupting: boolean
  armed: boolean
  /** Says something to the agent in this person's name. */
  onSay(text: string): void
}

/** A run that ended shows until the next one where somebody can do something about it, or saw it end. */
function useShown(run: RunState | undefined): RunState | undefined {
  const [since] = useState(() => Date.now())
  if (!run) return undefined
  const seenEnding = run.status === 'completed' && (run.endedAt ?? 0) > since
  return isActive(run) || run.status === 'failed' || run.status === 'cancelled' || seenEnding ? run : undefined
}

/** The run of this session: state, time, what it used, and what people may do to it. */
export function RunBar({ run, ...rest }: Props) {
  const shown = useShown(run)
  return (
    <>
      <Announced run={run} />
      {shown ? <Bar {...rest} run={shown} /> : <div className="h-3" />}
    </>
  )
}

function Bar({ doc, run, mayControl, onInterrupt, interrupting, armed, onSay }: Props & { run: RunState }) {
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
  const stopping = active && run.status !== 'paused' && (interrupting || pause.isPending || run.stopping === true)
  const time = active || run.status === 'failed' || run.status === 'completed'

  return (
    <div role="group" aria-label={t('run.label')} className="@container flex h-(--h-bar) shrink-0 items-center gap-2 pr-3 pl-5">
      <RunMark run={run} away={away} />
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
            <Button title={t('run.interruptTitle')} onClick={onInterrupt}>
              {t('run.interrupt')}
              <span className="contents max-sm:hidden">
                <Key>Esc</Key>
              </span>
            </Button>
          )}
          {run.status === 'cancelled' && <Button onClick={() => onSay(t('run.continueText'))}>{t('run.continue')}</Button>}
          {run.status === 'failed' && <Button onClick={() => onSay(t('run.retryText'))}>{t('run.retry')}</Button>}
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
function Announced({ run }: { run: RunState | undefined }) {
  const { t } = useTranslation('composer')
  const [said, setSaid] = useState('')
  const last = useRef(run && `${run.id} ${run.status}`)
  useEffect(() => {
    if (!run) return
    const now = `${run.id} ${run.status}`
    if (last.current === now) return
    last.current = now
    if (run.status !== 'queued') setSaid(t(`run.said.${run.status}`, { agent: run.agentName }))
  }, [run, t])
  return (
    <p aria-live="polite" className="sr-only">
      {said}
    </p>
  )
}
