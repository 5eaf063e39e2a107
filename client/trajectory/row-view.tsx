import { memo, Suspense, useCallback, useSyncExternalStore, type ReactNode } from 'react'
import type * as Y from 'yjs'
import { lazy } from '../ui/lazy.ts'
import { serverText, withStrings } from '../i18n/translate.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { readApprovalState, sessionStates } from '#shared/sessions/doc.ts'
import type { ApprovalItem, Item } from '#shared/sessions/items.ts'
import { dayOf, formatLongDay, formatTime } from '../i18n/format.ts'
import { useDocValue } from '../sync/use-document.ts'
import { useNow } from '../ui/use-now.ts'
import { cx } from '../ui/class-names.ts'
import { late } from '../ui/late.ts'
import { actionsFor } from './action-list.tsx'
import { EventView } from './event-view.tsx'
import { eventText } from './event-text.ts'
import { GroupView } from './group-view.tsx'
import { AuthorLine, MessageBadges, MessageView } from './message-view.tsx'
import type { RowContext } from './row-context.ts'
import { approvalOf, authorOf, firstItem, isOwn, itemsOf, type GroupRow, type ItemRow, type Row } from './rows.ts'
import { isSuggestion } from './suggestion-call.tsx'
import { ToolCallView } from './tool-call-view.tsx'
import { toolTitle } from './call-presentation.ts'

const MadeCard = late(async () => (await withStrings(import('./made-card.tsx'), 'preview')).MadeCard)
const QuestionCard = lazy(async () => ({ default: (await import('./question-card.tsx')).QuestionCard }))

const sameItems = (a: readonly Item[], b: readonly Item[]) => a.length === b.length && a.every((item, at) => item === b[at])

const sameRow = (a: Row, b: Row) =>
  a === b ||
  (a.kind === b.kind &&
    a.key === b.key &&
    (!('head' in a) ||
      !('head' in b) ||
      (a.head === b.head && a.joinAbove === b.joinAbove && a.joinBelow === b.joinBelow && a.screen === b.screen)) &&
    (a.kind !== 'made' || (b.kind === 'made' && sameItems(a.calls, b.calls))) &&
    (a.kind !== 'group' || (b.kind === 'group' && sameItems(a.items, b.items) && sameItems(a.approvals, b.approvals))) &&
    (a.kind !== 'item' ||
      (b.kind === 'item' &&
        sameItems(a.approvals, b.approvals) &&
        a.asks === b.asks &&
        a.item === b.item &&
        a.live?.text === b.live?.text &&
        a.live?.args === b.live?.args &&
        a.live?.reasoning === b.live?.reasoning)))

export const RowView = memo(
  ({ row, context }: { row: Row; context: RowContext }) => {
    if (row.kind === 'day') return <Day at={row.at} />
    if (row.kind === 'new') return <NewMark />
    if (row.kind === 'made')
      return (
        <Suspense>
          <MadeCard row={row} context={context} />
        </Suspense>
      )
    return <ItemFrame row={row} context={context} />
  },
  (before, after) => before.context === after.context && sameRow(before.row, after.row),
)

/** What a screen reader calls a row. @param title of a request whose arguments were edited */
function nameOf(item: Item, title: string | undefined, at: string, t: ReturnType<typeof useTranslation<'trajectory'>>['t']): string {
  switch (item.type) {
    case 'message':
      return t('row.message', { name: item.author.name, at })
    case 'tool_call':
      return t('row.tool', { name: item.author.name, tool: toolTitle(item), at })
    case 'approval':
      return t('row.approval', { title: serverText(title ?? item.approval.title) })
    case 'question':
      return t('row.question', { name: item.author.name, at })
    case 'event':
      return eventText(item)
  }
}

function ItemFrame({ row, context }: { row: ItemRow | GroupRow; context: RowContext }) {
  const { t } = useTranslation('trajectory')
  const item = firstItem(row)
  const active = useSyncExternalStore(context.active.subscribe, () => context.active.get() === row.key)
  const request = item && row.kind === 'item' ? requestOf(row) : undefined
  const requestId = request?.id
  const findTitle = useCallback((doc: Y.Doc) => requestId && readApprovalState(doc, requestId)?.title, [requestId])
  const title = useDocValue(context.doc, findTitle, sessionStates)
  if (!item) return null
  const author = authorOf(item)
  const live = row.kind === 'item' ? row.live : undefined
  return (
    <div
      role={item.type === 'message' ? 'article' : 'group'}
      aria-label={nameOf(row.kind === 'item' && row.asks && request ? request : item, title, formatTime(item.createdAt), t)}
      tabIndex={-1}
      data-row={row.key}
      data-items={itemsOf(row)
        .map((one) => one.id)
        .join(' ')}
      data-item-type={item.type}
      data-approval-id={request?.approval.id}
      className={cx(
        'group/row relative scroll-my-16 px-5 -outline-offset-2',
        row.head ? 'pt-4' : item.type === 'event' ? 'pt-3' : item.type === 'message' ? 'pt-2.5' : '',
      )}
    >
      {row.head && author && (
        <AuthorLine author={author} at={item.createdAt} working={live !== undefined}>
          {item.type === 'message' && <MessageBadges item={item} />}
        </AuthorLine>
      )}
      {row.kind === 'group' ? <GroupView row={row} context={context} /> : <Body row={row} context={context} />}
      {active && !live && !hasButton(item) && <Toolbar item={item} context={context} />}
    </div>
  )
}

/** Where a row has a button of its own the bar would lie upon it; keys and the menu are there all the same. */
const hasButton = (item: Item) => item.type === 'tool_call' && isSuggestion(item)

/** The request that people can do something about in this row: the keys of a request act on it. */
const requestOf = ({ item, approvals }: ItemRow): ApprovalItem | undefined =>
  item.type === 'approval' ? item : item.type === 'tool_call' ? approvals.find((one) => isOwn(one, item)) : undefined

/** What can be done with the row under the pointer or in focus. */
function Toolbar({ item, context }: { item: Item; context: RowContext }) {
  const { t } = useTranslation('trajectory')
  return (
    <div
      role="toolbar"
      aria-label={t('actions')}
      className="absolute top-1 right-4 z-10 flex gap-px rounded-lg border border-line bg-raised p-0.5 shadow-pop"
    >
      {actionsFor(item, context.actions).map(({ id, label, Icon, run }) => (
        <button
          key={id}
          type="button"
          aria-label={label}
          title={label}
          onClick={run}
          className="inline-flex size-(--h-control) items-center justify-center rounded-md text-fg-2 hover:bg-hover hover:text-fg"
        >
          <Icon size={15} aria-hidden />
        </button>
      ))}
    </div>
  )
}

function Body({ row, context }: { row: ItemRow; context: RowContext }): ReactNode {
  const { item, live } = row
  const request = row.asks ? requestOf(row) : undefined
  if (request) return <div className="mt-1.5 mb-1 ml-8">{context.renderApproval(request, context.doc, 'card')}</div>
  switch (item.type) {
    case 'message':
      return <MessageView item={item} live={live} context={context} />
    case 'tool_call':
      return (
        <ToolCallView
          item={item}
          live={live}
          approval={approvalOf(item, row.approvals)}
          screen={row.screen}
          context={context}
          joinAbove={row.joinAbove}
          joinBelow={row.joinBelow}
        />
      )
    case 'approval':
      return <div className="mt-1.5 mb-1 ml-8">{context.renderApproval(item, context.doc, 'card')}</div>
    case 'question':
      return (
        <Suspense>
          <QuestionCard item={item} doc={context.doc} sessionId={context.sessionId} mayAnswer={context.mayAct} />
        </Suspense>
      )
    case 'event':
      return <EventView item={item} />
  }
}

function Day({ at }: { at: number }) {
  const { t } = useTranslation('trajectory')
  const now = useNow(60_000)
  return (
    <div role="separator" className="flex items-center gap-3 px-5 pt-4 text-small text-fg-3">
      <span className="h-px flex-1 bg-line" />
      {dayOf(at) === dayOf(now) ? t('today') : formatLongDay(at)}
      <span className="h-px flex-1 bg-line" />
    </div>
  )
}

/** Where this person stopped reading. */
function NewMark() {
  const { t } = useTranslation('trajectory')
  return (
    <div role="separator" className="flex items-center gap-3 px-5 pt-4 text-small font-label text-accent-text" data-new>
      <span className="h-px flex-1 bg-accent" />
      {t('new')}
      <span className="h-px flex-1 bg-accent" />
    </div>
  )
}
