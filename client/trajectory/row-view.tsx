import { memo, type ReactNode } from 'react'
import type * as Y from 'yjs'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import type { ApprovalItem } from '#shared/sessions/items.ts'
import { dayOf, formatLongDay } from '../base/format.ts'
import { useNow } from '../base/use-now.ts'
import { cx } from '../ui/class-names.ts'
import { EventView } from './event-view.tsx'
import { AuthorLine, MessageBadges, MessageView } from './message-view.tsx'
import { QuestionCard } from './question-card.tsx'
import { authorOf, type Row } from './rows.ts'
import { ToolCallView } from './tool-call-view.tsx'

/** What rows need beside their item. */
export type RowContext = {
  doc: Y.Doc
  projectId: ProjectId
  sessionId: SessionId
  mayAct: boolean
  /** Approvals are a feature of their own: the page says how one is shown. */
  renderApproval(item: ApprovalItem, doc: Y.Doc): ReactNode
}

const sameRow = (a: Row, b: Row) =>
  a === b ||
  (a.kind === 'day' && b.kind === 'day' && a.at === b.at) ||
  (a.kind === 'item' &&
    b.kind === 'item' &&
    a.item === b.item &&
    a.live?.text === b.live?.text &&
    a.live?.args === b.live?.args &&
    a.live?.reasoning === b.live?.reasoning &&
    a.head === b.head &&
    a.joinAbove === b.joinAbove &&
    a.joinBelow === b.joinBelow)

export const RowView = memo(
  ({ row, context }: { row: Row; context: RowContext }) => {
    if (row.kind === 'day') return <Day at={row.at} />
    const { item, live, head } = row
    const author = authorOf(item)
    return (
      <div className={cx('px-5', head ? 'pt-4' : item.type === 'event' ? 'pt-3' : item.type === 'message' ? 'pt-1.5' : '')}>
        {head && author && (
          <AuthorLine author={author} at={item.createdAt} working={live !== undefined}>
            {item.type === 'message' && <MessageBadges item={item} />}
          </AuthorLine>
        )}
        <Body row={row} context={context} />
      </div>
    )
  },
  (before, after) => before.context === after.context && sameRow(before.row, after.row),
)

function Body({ row, context }: { row: Extract<Row, { kind: 'item' }>; context: RowContext }) {
  const { item, live } = row
  switch (item.type) {
    case 'message':
      return <MessageView item={item} live={live} />
    case 'tool_call':
      return <ToolCallView item={item} live={live} projectId={context.projectId} joinAbove={row.joinAbove} joinBelow={row.joinBelow} />
    case 'approval':
      return <div className="mt-1.5 mb-1 ml-8">{context.renderApproval(item, context.doc)}</div>
    case 'question':
      return <QuestionCard item={item} doc={context.doc} sessionId={context.sessionId} mayAnswer={context.mayAct} />
    case 'event':
      return <EventView item={item} />
  }
}

function Day({ at }: { at: number }) {
  const now = useNow(60_000)
  return (
    <div role="separator" className="flex items-center gap-3 px-5 pt-4 text-small text-fg-3">
      <span className="h-px flex-1 bg-line" />
      {dayOf(at) === dayOf(now) ? 'Today' : formatLongDay(at)}
      <span className="h-px flex-1 bg-line" />
    </div>
  )
}
