import { useEffect, useRef, useState } from 'react'
import { serverText } from '../i18n/translate.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { Approval } from '#shared/approvals/schema.ts'
import { notify } from '../ui/notify.ts'
import { useNow } from '../ui/use-now.ts'

const lastMinuteMs = 60_000

type Props = {
  /** What waits for this person; undefined until it is known. */
  waiting: readonly Approval[] | undefined
  /** Its requests are said by its trajectory. */
  sessionId?: string | undefined
  /** This person, who may be asked to decide. */
  me?: string
  /** Goes where a request was made. */
  onReview?(approval: Approval): void
}

/** Says in passing that somebody asks this person to decide; what was asked before is not news. */
function useNudges(waiting: Props['waiting'], me: string | undefined, onReview: Props['onReview']): void {
  const { t } = useTranslation('approvals')
  const known = useRef<Set<string> | undefined>(undefined)
  useEffect(() => {
    if (!waiting) return
    const nudges = waiting.flatMap((approval) =>
      (approval.notes ?? []).flatMap((note) =>
        note.kind === 'nudged' && note.to === me ? [{ approval, note, key: `${approval.id} ${note.at}` }] : [],
      ),
    )
    const fresh = known.current ? nudges.filter(({ key }) => !known.current?.has(key)) : []
    known.current = new Set([...(known.current ?? []), ...nudges.map(({ key }) => key)])
    for (const { approval, note, key } of fresh) {
      notify(t('nudgedYou', { name: note.name }), {
        id: key,
        description: serverText(approval.title),
        ...(onReview && { action: { label: t('review'), onClick: () => onReview(approval) } }),
      })
    }
  }, [waiting, me, onReview, t])
}

/** Says each new request once, politely; and once more, assertively, when its last minute begins. What waited before is not news. */
export function ApprovalAnnouncer({ waiting, sessionId, me, onReview }: Props) {
  const { t } = useTranslation('approvals')
  useNudges(waiting, me, onReview)
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
      ({ id, expiresAt }) => expiresAt !== null && expiresAt > now && expiresAt - now <= lastMinuteMs && !warned.current.has(`${id} ${expiresAt}`),
    )
    if (late.length === 0) {
      // What was given more time is no longer late.
      if (!(waiting ?? []).some(({ expiresAt }) => expiresAt !== null && expiresAt - now <= lastMinuteMs)) setLast('')
      return
    }
    for (const { id, expiresAt } of late) warned.current.add(`${id} ${expiresAt}`)
    setLast(late.map(({ title }) => t('lastMinute', { title: serverText(title) })).join('\n'))
  }, [waiting, now, t])

  return (
    <div className="sr-only">
      <p role="status">{news}</p>
      <p role="alert">{last}</p>
    </div>
  )
}
