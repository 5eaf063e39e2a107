import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { Approval } from '#shared/approvals/schema.ts'
import { useNow } from '../base/use-now.ts'

const lastMinuteMs = 60_000

type Props = {
  /** What waits for this person; undefined until it is known. */
  waiting: readonly Approval[] | undefined
  /** Its requests are said by its trajectory. */
  sessionId?: string | undefined
}

/** Says each new request once, politely; and once more, assertively, when its last minute begins. What waited before is not news. */
export function ApprovalAnnouncer({ waiting, sessionId }: Props) {
  const { t } = useTranslation('approvals')
  const known = useRef<Set<string> | undefined>(undefined)
  const warned = useRef(new Set<string>())
  const [news, setNews] = useState('')
  const [last, setLast] = useState('')
  const ending = (waiting ?? []).some(({ expiresAt }) => expiresAt !== null)
  const now = useNow(ending ? 1000 : lastMinuteMs)

  useEffect(() => {
    if (!waiting) return
    const before = known.current
    known.current = new Set([...(before ?? []), ...waiting.map(({ id }) => id)])
    const fresh = before ? waiting.filter(({ id, sessionId: at }) => !before.has(id) && at !== sessionId) : []
    if (fresh.length === 0) return
    setNews(fresh.map(({ title, risk, requestedBy }) => t('announced', { agent: requestedBy.agentName, title, risk: t(`risk.${risk}`) })).join('\n'))
  }, [waiting, sessionId, t])

  useEffect(() => {
    const late = (waiting ?? []).filter(
      ({ id, expiresAt }) => expiresAt !== null && expiresAt > now && expiresAt - now <= lastMinuteMs && !warned.current.has(id),
    )
    if (late.length === 0) return
    for (const { id } of late) warned.current.add(id)
    setLast(late.map(({ title }) => t('lastMinute', { title })).join('\n'))
  }, [waiting, now, t])

  return (
    <div className="sr-only">
      <p role="status">{news}</p>
      <p role="alert">{last}</p>
    </div>
  )
}
