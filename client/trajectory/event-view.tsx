import { Check, CircleAlert, CircleSlash, Hand, History, Pause, Play, RefreshCw, Scissors, Square, type LucideIcon } from 'lucide-react'
import { memo } from 'react'
import type { EventItem } from '#shared/sessions/items.ts'
import { serverText } from '../i18n/translate.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { formatTime } from '../i18n/format.ts'
import { eventText } from './event-text.ts'

const icons: Record<EventItem['event'], LucideIcon> = {
  run_started: Play,
  run_completed: Check,
  run_failed: CircleAlert,
  run_cancelled: Square,
  run_paused: Pause,
  run_resumed: Play,
  run_recovered: History,
  run_interrupted: CircleSlash,
  agent_changed: RefreshCw,
  model_retry: RefreshCw,
  context_trimmed: Scissors,
  turn_limit: CircleAlert,
  control_taken: Hand,
  control_given: Hand,
  control_released: Hand,
  sandbox_restored: History,
}

/** What happened to the run, in one line. */
export const EventView = memo(({ item }: { item: EventItem }) => {
  useTranslation('trajectory')
  const Icon = icons[item.event]
  const text = eventText(item)
  const failed = item.event === 'run_failed' || item.event === 'turn_limit'
  return (
    <div className="flex min-h-[22px] items-start gap-2.5 text-ui text-fg-2">
      <span className="inline-flex size-[22px] shrink-0 items-center justify-center">
        <Icon size={15} className={failed ? 'text-danger' : 'text-fg-3'} aria-hidden />
      </span>
      <div className="min-w-0 flex-1 pt-px">
        <p className="break-words">{text}</p>
        {item.error && !text.includes(item.error.message) && <p className="mt-0.5 break-words text-danger">{serverText(item.error.message)}</p>}
      </div>
      <time className="pt-px text-small leading-5 text-fg-3 tabular-nums" dateTime={new Date(item.createdAt).toISOString()}>
        {formatTime(item.createdAt)}
      </time>
    </div>
  )
})
