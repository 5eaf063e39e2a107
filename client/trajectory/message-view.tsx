import { Brain, CircleSlash } from 'lucide-react'
import { memo, useState, type ReactNode } from 'react'
import type * as Y from 'yjs'
import type { LiveItem } from '#shared/sessions/doc.ts'
import type { Author, MessageItem } from '#shared/sessions/items.ts'
import { formatTime } from '../base/format.ts'
import { useHue } from '../base/hues.tsx'
import { useGrowingText } from '../base/use-growing-text.ts'
import { Badge } from '../ui/badge.tsx'
import { cx } from '../ui/class-names.ts'
import { AgentMark, PersonMark } from '../ui/marks.tsx'
import { Markdown } from '../ui/markdown.tsx'

/** Who speaks, and when: the first line of what somebody did in a row. */
export const AuthorLine = ({ author, at, working = false, children }: { author: Author; at: number; working?: boolean; children?: ReactNode }) => (
  <div className="flex h-[22px] items-center gap-2.5">
    {author.kind === 'agent' ? <AgentMark id={author.id} state={working ? 'working' : 'ready'} /> : <HuedMark id={author.id} name={author.name} />}
    <span className="flex min-w-0 items-center gap-2">
      <span className="truncate text-ui font-title">{author.name}</span>
      {children}
      <time className="text-small text-fg-3 tabular-nums" dateTime={new Date(at).toISOString()}>
        {formatTime(at)}
      </time>
    </span>
  </div>
)

const HuedMark = ({ id, name }: { id: string; name: string }) => <PersonMark name={name} colour={useHue(id)} />

const modeNames = { steer: 'Steer', interrupt: 'Interrupt' } as const

export const MessageBadges = ({ item }: { item: MessageItem }) => (
  <>
    {(item.mode === 'steer' || item.mode === 'interrupt') && <Badge tone="outline">{modeNames[item.mode]}</Badge>}
    {item.author.kind === 'user' && item.to === 'people' && <Badge>To people</Badge>}
  </>
)

/** What somebody said, finished or still coming. */
export const MessageView = memo(({ item, live }: { item: MessageItem; live: LiveItem | undefined }) => (
  <div className={cx('pl-8', item.author.kind === 'user' && '[&_p]:whitespace-pre-wrap')} aria-busy={live ? true : undefined}>
    {live?.reasoning ? <LiveReasoning text={live.reasoning} /> : item.reasoning ? <Reasoning text={item.reasoning} /> : null}
    {live ? <LiveText text={live.text} /> : item.text ? <Markdown text={item.text} /> : null}
    {item.interrupted && (
      <p className="mt-1 flex items-center gap-1.5 text-small text-fg-3">
        <CircleSlash size={13} />
        Cut off here
      </p>
    )}
  </div>
))

function LiveText({ text }: { text: Y.Text }) {
  const grown = useGrowingText(text)
  return <Markdown text={grown} growing />
}

const LiveReasoning = ({ text }: { text: Y.Text }) => <Reasoning text={useGrowingText(text)} />

function Reasoning({ text }: { text: string }) {
  const [open, setOpen] = useState(false)
  return (
    <div className="mb-1">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex items-center gap-1.5 rounded-sm text-small text-fg-3 hover:text-fg-2"
      >
        <Brain size={13} />
        {open ? 'Hide the thinking' : 'Show the thinking'}
      </button>
      {open && <p className="mt-1 border-l-2 border-line pl-3 text-ui whitespace-pre-wrap text-fg-2">{text}</p>}
    </div>
  )
}
