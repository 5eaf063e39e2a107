import { useEffect, useRef, useState } from 'react'
import type { Item } from '#shared/sessions/items.ts'
import { serverText, t } from '../i18n/translate.ts'
import { withoutOffers } from '../ui/say-link.tsx'
import { eventText } from './event-text.ts'

const spoken = 400

/** What a screen reader is told of an item that has just finished, or undefined when it is told nothing. */
export function announcementOf(item: Item): string | undefined {
  if (item.type === 'message') return t('trajectory:says', { name: item.author.name, text: withoutOffers(item.text).slice(0, spoken) })
  if (item.type === 'approval')
    return t('trajectory:asksApproval', { name: item.approval.requestedBy.agentName, title: serverText(item.approval.title) })
  if (item.type === 'question')
    return t('trajectory:asks', { name: item.author.name, text: item.questions.map((question) => question.text).join(' ') })
  if (item.type === 'event') return eventText(item)
  return undefined
}

/** Says finished messages, politely and once; what is drawn is silent, since tokens would be noise. */
export function Announcer({ items, last }: { items: readonly Item[]; last: number }) {
  const [said, setSaid] = useState({ upTo: 0, text: '' })
  const heard = useRef<number | undefined>(undefined)
  useEffect(() => {
    const since = heard.current
    if (last === 0) return
    heard.current = Math.max(last, since ?? 0)
    if (since === undefined || last <= since) return
    const news = items.filter((item) => item.seq > since).map(announcementOf)
    const text = news.filter((line) => line !== undefined).join('\n')
    if (text) setSaid({ upTo: last, text })
  }, [items, last])
  return (
    <div className="sr-only">
      <p key={said.upTo}>{said.text}</p>
    </div>
  )
}
