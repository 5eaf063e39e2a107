import type { EventItem } from '#shared/sessions/items.ts'
import { formatDateTime, formatNames } from '../i18n/format.ts'
import { serverText, t } from '../i18n/translate.ts'

/** What happened, in the reader's language, from what the event says; its own sentence where it says too little. */
export function eventText({ event, text, by, detail, error }: EventItem): string {
  const agent = detail?.agent
  const reason = detail?.reason === undefined ? undefined : serverText(detail.reason)
  const person = by?.name
  switch (event) {
    case 'run_started':
      return agent && person ? t('trajectory:event.started', { agent, person }) : text
    case 'run_completed':
      return agent ? t('trajectory:event.completed', { agent }) : text
    case 'run_failed':
      return agent && error ? t('trajectory:event.failed', { agent }) : text
    case 'run_cancelled':
      return agent && person ? t('trajectory:event.cancelled', { agent, person }) : text
    case 'run_paused':
      if (!agent || !person) return text
      return detail?.afterStep ? t('trajectory:event.pausedAfterStep', { agent, person }) : t('trajectory:event.paused', { agent, person })
    case 'run_resumed':
      return agent && person ? t('trajectory:event.resumed', { agent, person }) : text
    case 'run_interrupted':
      return agent ? t('trajectory:event.interrupted', { agent, person: person ?? t('trajectory:somebody') }) : text
    case 'agent_changed':
      return agent && detail?.versions ? t('trajectory:event.agentChanged', { agent, before: detail.versions[0], now: detail.versions[1] }) : text
    case 'run_recovered':
      if (!agent) return text
      return detail?.tools?.length
        ? t('trajectory:event.recoveredUnknown', { agent, tools: formatNames(detail.tools) })
        : t('trajectory:event.recovered', { agent })
    case 'model_retry':
      if (!detail || !reason) return text
      return detail.attempt !== undefined && detail.inMs !== undefined
        ? t('trajectory:event.retry', { reason, attempt: detail.attempt, seconds: Math.max(1, Math.round(detail.inMs / 1000)) })
        : t('trajectory:event.askingAgain', { reason })
    case 'context_trimmed':
      return agent ? t('trajectory:event.trimmed', { agent }) : text
    case 'turn_limit':
      return agent && detail.turns !== undefined ? t('trajectory:event.turnLimit', { agent, turns: detail.turns }) : text
    case 'control_taken':
      if (!person) return text
      if (detail?.other && detail.asksAgain) return t('trajectory:event.controlTakenAsksAgain', { person, other: detail.other })
      return detail?.other ? t('trajectory:event.controlTakenFrom', { person, other: detail.other }) : t('trajectory:event.controlTaken', { person })
    case 'control_given':
      return person && detail?.other ? t('trajectory:event.controlGiven', { person, other: detail.other }) : text
    case 'control_released':
      return person ? t('trajectory:event.controlReleased', { person }) : text
    case 'sandbox_restored':
      return restored(detail) ?? text
    default:
      return text
  }
}

function restored(detail: EventItem['detail']): string | undefined {
  if (!detail || detail.files === undefined) return undefined
  if (detail.copiedAt === undefined) return t('trajectory:event.sandboxGone')
  const said = t('trajectory:event.sandboxRestored', { count: detail.files, at: formatDateTime(detail.copiedAt) })
  return detail.leftOut?.length ? `${said} ${t('trajectory:event.leftOut', { names: formatNames(detail.leftOut) })}` : said
}
