import { Eye, MousePointer2 } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { Controller } from '#shared/desktop/schema.ts'
import { controlTimes } from '#shared/desktop/schema.ts'
import type { Role } from '#shared/projects/schema.ts'
import { runCalls } from '#shared/runs/api.ts'
import { useCall } from '../api/use-call.ts'
import { formatAgo, formatElapsed } from '../i18n/format.ts'
import { useHues } from '../theme/hues.tsx'
import { useLiveNow } from '../sync/use-connected.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { AgentMark, PersonMark } from '../ui/marks.tsx'
import type { ControlState } from './use-control.ts'

type Props = { state: ControlState; role: Role; mayControl: boolean; movedAt(userId: string): number; tools: ReactNode }

/** Taking over from somebody who moved this recently is asked about once more. */
const justMovedMs = 5_000

/** Who has control, since when, and what can be done about it. */
export function ControlBar({ state, role, mayControl, movedAt, tools }: Props) {
  const { t } = useTranslation('desktop')
  const { control, mine, asked, others, busy, send } = state
  const { holder } = control
  const now = useLiveNow(holder || asked ? 1_000 : null)
  const [sure, setSure] = useState(false)
  const left = control.idleAt === null ? null : control.idleAt - now
  const counting = holder !== null && left !== null && left < controlTimes.countdown
  const first = others[0]?.by

  const takeOver = () => {
    const last = holder?.kind === 'user' ? Math.max(control.movedAt, movedAt(holder.id)) : 0
    if (holder?.kind === 'user' && Date.now() - last < justMovedMs) setSure(true)
    else void send('take_over')
  }
  const button = (
    action: Parameters<typeof send>[0],
    label: string,
    look: 'primary' | 'secondary' | 'ghost' = 'secondary',
    press: () => void = () => void send(action),
  ) => (
    <Button look={look} busy={busy === action} onClick={press}>
      {label}
    </Button>
  )

  const still = holder?.kind !== 'user' || role === 'owner' || now - Math.max(control.movedAt, movedAt(holder.id)) >= controlTimes.still
  const buttons = !mayControl ? null : mine ? (
    <>
      {first && <span className="truncate text-small text-fg-2 max-md:hidden">{t('asks', { name: first.name })}</span>}
      {first && button('deny', t('deny'), 'ghost', () => void send('deny', first.id))}
      {first
        ? button('grant', t('handOver'), 'secondary', () => void send('grant', first.id))
        : control.takenFrom && button('hand_back', t('handBack', { name: control.takenFrom.name }))}
      {button('release', t('release'), 'ghost')}
    </>
  ) : !holder ? (
    button('request', t('takeControl'), 'primary')
  ) : asked ? (
    <>
      {button('cancel', t('cancelRequest'), 'ghost')}
      {still && button('take_over', t('takeOver'), 'ghost', takeOver)}
    </>
  ) : (
    <>
      {holder.kind === 'agent' ? <PauseRun holder={holder} /> : button('request', t('request'))}
      {still && button('take_over', t('takeOver'), 'ghost', takeOver)}
    </>
  )

  return (
    <div
      role="group"
      aria-label={t('control')}
      className="flex h-11 shrink-0 items-center gap-2 border-b border-line pr-2 pl-3 max-md:h-auto max-md:min-h-11 max-md:flex-wrap max-md:py-1"
    >
      <HolderMark holder={holder} mine={mine} watching={!mayControl && !holder} />
      <p className="min-w-0 truncate text-ui" aria-live="polite">
        <span className="font-title text-fg">
          {mine ? t('youHave') : holder ? t('has', { name: holder.name }) : mayControl ? t('nobody') : t('watch')}
        </span>
      </p>
      <span className={`min-w-0 truncate text-small ${counting ? 'text-warn' : 'text-fg-3'}`}>
        {counting
          ? t('releasedIn', { time: formatElapsed(Math.max(0, left)) })
          : asked && !mine
            ? t('askedAgo', { count: Math.max(0, Math.round((now - asked.at) / 1000)) })
            : holder
              ? formatAgoOf(control.since, now)
              : mayControl
                ? t('clickToStart')
                : t('askAnEditor')}
      </span>
      <span className="ml-auto flex shrink-0 items-center gap-1.5 max-md:ml-0 max-md:flex-wrap">
        {tools}
        {buttons}
      </span>
      <Dialog
        open={sure}
        onOpenChange={setSure}
        title={t('sureTitle', { name: holder?.name ?? '' })}
        description={t('sureText', { name: holder?.name ?? '' })}
      >
        <div className="flex justify-end gap-2">
          <Button onClick={() => setSure(false)}>{t('wait')}</Button>
          <Button
            look="primary"
            onClick={() => {
              setSure(false)
              void send('take_over')
            }}
          >
            {t('takeOver')}
          </Button>
        </div>
      </Dialog>
    </div>
  )
}

const formatAgoOf = (since: number, now: number) => (now - since < 60_000 ? formatElapsed(now - since) : formatAgo(since, now))

function HolderMark({ holder, mine, watching }: { holder: Controller | null; mine: boolean; watching: boolean }) {
  const hues = useHues()
  if (watching) return <Eye size={16} className="shrink-0 text-fg-3" aria-hidden />
  if (!holder) return <MousePointer2 size={16} className="shrink-0 text-fg-3" aria-hidden />
  if (holder.kind === 'agent') return <AgentMark id={holder.id} state="working" />
  return <PersonMark name={holder.name} colour={hues(holder.id)} ring={mine} />
}

/** Stops the agent's run after its step; it keeps the desktop until somebody takes it. */
function PauseRun({ holder }: { holder: Extract<Controller, { kind: 'agent' }> }) {
  const { t } = useTranslation('desktop')
  const pause = useCall(runCalls.pauseRun, { failed: t('notPaused') })
  return (
    <Button busy={pause.isPending} onClick={() => pause.mutate({ params: { id: holder.runId } })}>
      {t('pause')}
    </Button>
  )
}
