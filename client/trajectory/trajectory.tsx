import { ArrowDown } from 'lucide-react'
import { useEffect, useMemo, useRef, type ReactNode } from 'react'
import { Virtualizer } from 'virtua'
import type * as Y from 'yjs'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import type { ApprovalItem } from '#shared/sessions/items.ts'
import { Announcer } from './announcer.tsx'
import { RowView, type RowContext } from './row-view.tsx'
import { rowsOf } from './rows.ts'
import { useItems } from './use-items.ts'
import { useSplit } from './use-split.ts'
import { useStickToEnd } from './use-stick-to-end.ts'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/empty.tsx'

type Props = {
  doc: Y.Doc
  ready: boolean
  projectId: ProjectId
  sessionId: SessionId
  /** May answer questions. */
  mayAct: boolean
  renderApproval(item: ApprovalItem, doc: Y.Doc): ReactNode
  /** Shown while nothing was said. */
  empty: ReactNode
}

/** How near the top older items are fetched, in pixels. */
const olderWithin = 800

/** The conversation of a session. Key it by session: what it has seen is kept while it is mounted. */
export function Trajectory({ doc, ready, projectId, sessionId, mayAct, renderApproval, empty }: Props) {
  const { items, live, hasOlder, loadOlder, failed } = useItems(sessionId, doc)
  const rows = useMemo(() => rowsOf(items, live), [items, live])
  const context = useMemo<RowContext>(
    () => ({ doc, projectId, sessionId, mayAct, renderApproval }),
    [doc, projectId, sessionId, mayAct, renderApproval],
  )
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const { stuck, fresh, onScroll, hand, jump } = useStickToEnd(scroller, content, rows)
  const { at, shift } = useSplit(rows)

  useEffect(() => {
    const element = scroller.current
    if (hasOlder && element && element.scrollHeight <= element.clientHeight) void loadOlder()
  }, [hasOlder, loadOlder])

  const nothing = rows.length === 0
  return (
    <div role="log" aria-label="Trajectory" aria-live="off" {...hand} className="relative min-h-0 flex-1">
      {nothing && (ready ? <div className="h-full overflow-y-auto">{empty}</div> : <Skeleton label="Loading the conversation" lines={4} />)}
      {!nothing && (
        <div
          ref={scroller}
          tabIndex={0}
          onScroll={() => {
            onScroll()
            if (hasOlder && (scroller.current?.scrollTop ?? 0) < olderWithin) void loadOlder()
          }}
          className="h-full overflow-y-auto focus-visible:-outline-offset-2"
        >
          <div ref={content}>
            <Virtualizer scrollRef={scroller} shift={shift} bufferSize={600}>
              {rows.slice(0, at).map((row) => (
                <RowView key={row.key} row={row} context={context} />
              ))}
            </Virtualizer>
            {rows.slice(at).map((row) => (
              <RowView key={row.key} row={row} context={context} />
            ))}
            <div className="h-5" />
          </div>
        </div>
      )}
      {failed !== undefined && hasOlder && (
        <div className="absolute inset-x-0 top-2 flex justify-center">
          <Button onClick={() => void loadOlder()}>Load older messages again</Button>
        </div>
      )}
      {!stuck && (
        <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <button
            type="button"
            onClick={jump}
            className="rise pointer-events-auto inline-flex h-(--h-control) items-center gap-1.5 rounded-full bg-raised px-3 text-small font-label text-fg shadow-pop hover:bg-sunken"
          >
            <ArrowDown size={13} aria-hidden />
            {fresh > 0 ? `${fresh} new` : 'To the end'}
          </button>
        </div>
      )}
      <Announcer items={items} />
    </div>
  )
}
