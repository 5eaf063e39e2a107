import { Brain, CircleSlash, CornerUpLeft } from 'lucide-react'
import { memo, Suspense, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react'
import { lazy } from '../ui/lazy.ts'
import { sayName } from '../i18n/translate.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import { withoutNames } from '#shared/sessions/attachments.ts'
import type { LiveItem } from '#shared/sessions/doc.ts'
import type { Author, MessageItem } from '#shared/sessions/items.ts'
import { formatTime } from '../i18n/format.ts'
import { useHue } from '../theme/hues.tsx'
import { saying } from '../commands/say.ts'
import { followText } from '../sync/use-growing-text.ts'
import { Badge } from '../ui/badge.tsx'
import { cx } from '../ui/class-names.ts'
import { AgentMark, PersonMark } from '../ui/marks.tsx'
import { Markdown } from '../ui/markdown.tsx'
import type { RowContext } from './row-context.ts'
import { OfferContext, requestsIn } from '../ui/say-link.tsx'

/** Who speaks, and when: the first line of what somebody did in a row. */
export const AuthorLine = ({ author, at, working = false, children }: { author: Author; at: number; working?: boolean; children?: ReactNode }) => (
  <div className="flex h-[22px] items-center gap-2.5">
    {author.kind === 'agent' ? <AgentMark id={author.id} state={working ? 'working' : 'ready'} /> : <HuedMark id={author.id} name={author.name} />}
    <span className="flex min-w-0 items-center gap-2">
      <span className="truncate text-ui font-title">{sayName(author.name)}</span>
      {children}
      <time className="text-small text-fg-3 tabular-nums" dateTime={new Date(at).toISOString()}>
        {formatTime(at)}
      </time>
    </span>
  </div>
)

const HuedMark = ({ id, name }: { id: string; name: string }) => <PersonMark name={name} colour={useHue(id)} />

export function MessageBadges({ item }: { item: MessageItem }) {
  const { t } = useTranslation('trajectory')
  return (
    <>
      {(item.mode === 'steer' || item.mode === 'interrupt') && <Badge tone="outline">{t(`mode.${item.mode}`)}</Badge>}
      {item.author.kind === 'user' && item.to === 'people' && <Badge>{t('toPeople')}</Badge>}
    </>
  )
}

const AttachedFiles = lazy(() => import('./attached-files.tsx'))
const AskAgentButton = lazy(() => import('./ask-agent-button.tsx'))

type Props = { item: MessageItem; live: LiveItem | undefined; context: RowContext }

/** What somebody said, finished or still coming. */
export const MessageView = memo(({ item, live, context }: Props) => {
  const { t } = useTranslation('trajectory')
  const { attachments } = item
  return (
    <div className={cx('pl-8', item.author.kind === 'user' && '[&_p]:whitespace-pre-wrap')} aria-busy={live ? true : undefined}>
      {item.replyTo && (
        <button
          type="button"
          onClick={() => item.replyTo && context.onGoTo(item.replyTo)}
          className="mb-0.5 flex pointer-coarse:min-h-11 items-center gap-1.5 rounded-sm text-small text-fg-3 hover:text-fg-2"
        >
          <CornerUpLeft size={13} aria-hidden />
          {t('answers')}
        </button>
      )}
      {(live?.reasoning ?? item.reasoning) && <Reasoning source={live?.reasoning ?? item.reasoning ?? ''} />}
      <MessageText
        source={live ? live.text : attachments ? withoutNames(item.text, attachments) : item.text}
        growing={live !== undefined}
        mayOffer={item.author.kind === 'agent'}
      />
      {attachments && (
        <Suspense fallback={<div className="h-40" />}>
          <AttachedFiles files={attachments} projectId={context.projectId} onOpen={context.onOpen} />
        </Suspense>
      )}
      {item.author.kind === 'user' && item.to === 'people' && context.mayAct && (
        <Suspense>
          <AskAgentButton item={item} context={context} />
        </Suspense>
      )}
      {item.interrupted && (
        <p className="mt-1 flex items-center gap-1.5 text-small text-fg-3">
          <CircleSlash size={13} aria-hidden />
          {t('cutOff')}
        </p>
      )}
    </div>
  )
})

/** A text that stands, or one that grows: the same elements show it, so that nothing moves when it is finished. */
function useText(source: string | Y.Text): string {
  const store = useMemo(() => (typeof source === 'string' ? { get: () => source, subscribe: () => () => {} } : followText(source)), [source])
  return useSyncExternalStore(store.subscribe, store.get)
}

function MessageText({ source, growing, mayOffer }: { source: string | Y.Text; growing: boolean; mayOffer: boolean }) {
  const text = useText(source)
  const say = useSyncExternalStore(saying.subscribe, saying.get)
  const offer = useMemo(() => (mayOffer ? { requests: requestsIn(text), say } : undefined), [mayOffer, text, say])
  if (text === '' && !growing) return null
  return (
    <OfferContext value={offer}>
      <Markdown text={text} growing={growing} />
    </OfferContext>
  )
}

function Reasoning({ source }: { source: string | Y.Text }) {
  const { t } = useTranslation('trajectory')
  const text = useText(source)
  const [open, setOpen] = useState(false)
  return (
    <div className="mb-1">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex items-center gap-1.5 rounded-sm text-small text-fg-3 hover:text-fg-2 pointer-coarse:min-h-11"
      >
        <Brain size={13} aria-hidden />
        {open ? t('hideThinking') : t('showThinking')}
      </button>
      {open && <p className="mt-1 border-l-2 border-line pl-3 text-ui whitespace-pre-wrap text-fg-2">{text}</p>}
    </div>
  )
}
