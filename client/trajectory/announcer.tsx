import { useEffect, useRef, useState } from 'react'
import type { Item } from '#shared/sessions/items.ts'

const spoken = 400

/** What a screen reader is told of an item that has just finished, or undefined when it is told nothing. */
export function announcementOf(item: Item): string | undefined {
  if (item.type === 'message') return `${item.author.name}: ${item.text.slice(0, spoken)}`
  if (item.type === 'approval') return `${item.approval.requestedBy.agentName} asks for approval: ${item.approval.title}`
  if (item.type === 'question') return `${item.author.name} asks: ${item.questions.map((question) => question.text).join(' ')}`
  if (item.type === 'event') return item.text
  return undefined
}

/** Says finished messages, politely and once; the log itself is silent, since tokens would be noise. */
export function Announcer({ items }: { items: readonly Item[] }) {
  const [text, setText] = useState('')
  const heard = useRef<number | undefined>(undefined)
  useEffect(() => {
    const last = items.at(-1)
    if (!last) return
    const since = heard.current
    heard.current = last.seq
    if (since === undefined) return
    const news = items.filter((item) => item.seq > since).map(announcementOf)
    const said = news.filter((line) => line !== undefined).join('\n')
    if (said) setText(said)
  }, [items])
  return (
    <div aria-live="polite" className="sr-only">
      {text}
    </div>
  )
}
