import { ArrowDown } from 'lucide-react'
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { VList, type VListHandle } from 'virtua'
import type * as Y from 'yjs'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import type { ApprovalItem } from '#shared/sessions/items.ts'
import { Announcer } from './announcer.tsx'
import { RowView, type RowContext } from './row-view.tsx'
import { grewAtTheTop, rowsOf, type Row } from './rows.ts'
import { useItems } from './use-items.ts'
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

/** The newest rows stay in the page, so that finding a word and reading back work without scrolling. */
const recentMounted = 150

/** The conversation of a session. Key it by session: what it has seen is kept while it is mounted. */
export function Trajectory({ doc, ready, projectId, sessionId, mayAct, renderApproval, empty }: Props) {
  const { items, live, hasOlder, loadOlder, failed } = useItems(sessionId, doc)
  const rows = useMemo(() => rowsOf(items, live), [items, live])
  const context = useMemo<RowContext>(
    () => ({ doc, projectId, sessionId, mayAct, renderApproval }),
    [doc, projectId, sessionId, mayAct, renderApproval],
  )
  const list = useRef<VListHandle>(null)
  const { stuck, fresh, onScroll, onResize, onInput, jump } = useStickToEnd(list, rows)
  const shift = useShift(rows)

  useEffect(() => {
    if (hasOlder && list.current && list.current.scrollSize <= list.current.viewportSize) void loadOlder()
  }, [hasOlder, loadOlder, rows])

  const recent = useMemo(() => rows.map((_, i) => i).slice(-recentMounted), [rows])
  const nothing = rows.length === 0
  return (
    <div
      role="log"
      aria-label="Trajectory"
      aria-live="off"
      onWheel={onInput}
      onTouchMove={onInput}
      onPointerDown={onInput}
      onKeyDown={onInput}
      className="relative min-h-0 flex-1"
    >
      {nothing && (ready ? <div className="h-full overflow-y-auto">{empty}</div> : <Skeleton label="Loading the conversation" lines={4} />)}
      {!nothing && (
        <VList
          ref={list}
          shift={shift}
          bufferSize={600}
          keepMounted={recent}
          tabIndex={0}
          onScroll={(offset) => {
            onScroll(offset)
            if (offset < olderWithin) void loadOlder()
          }}
          onResize={onResize}
          className="h-full focus-visible:-outline-offset-2"
        >
          {rows.map((row) => (
            <RowView key={row.key} row={row} context={context} />
          ))}
          <div key="end" className="h-5" />
        </VList>
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

/** Whether this very change put rows before the others, so that the list holds its place from the end. */
function useShift(rows: readonly Row[]): boolean {
  const [known, setKnown] = useState({ rows, shift: false })
  if (known.rows === rows) return known.shift
  const shift = grewAtTheTop(known.rows, rows)
  setKnown({ rows, shift })
  return shift
}
