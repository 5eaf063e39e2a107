import { useCallback } from 'react'
import { formatTime } from '../i18n/format.ts'
import { serverText } from '../i18n/translate.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import type { RunState } from '#shared/runs/schema.ts'
import { readItems, sessionItems } from '#shared/sessions/doc.ts'
import { useDocValue } from '../sync/use-document.ts'
import { activityText } from './activity.ts'

/** Who stopped a run, where the session still holds it. */
export function useEndedBy(doc: Y.Doc, run: RunState): string | undefined {
  const wanted = run.status === 'cancelled' ? run.id : undefined
  return useDocValue(
    doc,
    useCallback(
      (from: Y.Doc) =>
        wanted &&
        readItems(from)
          .flatMap((item) => (item.type === 'event' && item.event === 'run_cancelled' && item.runId === wanted ? [item.by?.name] : []))
          .at(-1),
      [wanted],
    ),
    sessionItems,
  )
}

/** What the run does now, in the words of the server where it has some. */
export function useRunText(run: RunState, endedBy: string | undefined): string {
  const { t } = useTranslation('composer')
  switch (run.status) {
    case 'queued':
      return t('run.starting')
    case 'running':
      return run.activity === null ? t('run.thinking') : activityText(run.activity, t)
    case 'waiting':
      return waitingText(run.waitingFor, t)
    case 'paused':
      return t('run.paused')
    case 'failed':
      return run.error ? t('run.failedWith', { message: serverText(run.error.message) }) : t('run.failed')
    case 'cancelled':
      return endedBy ? t('run.interruptedBy', { name: endedBy }) : t('run.stopped')
    case 'completed':
      return t('run.finished')
  }
}

function waitingText(waitingFor: RunState['waitingFor'], t: ReturnType<typeof useTranslation<'composer'>>['t']): string {
  switch (waitingFor?.kind) {
    case 'control':
      return t('run.waitingControl')
    case 'question':
      return t('run.waitingAnswer')
    case 'timer':
      return t('run.waitingUntil', { time: formatTime(waitingFor.until) })
    case 'child':
      return t('run.waitingChild')
    case 'event':
      return t('run.waitingEvent')
    default:
      return t('run.waitingApproval')
  }
}
