import { ArrowDown, ArrowUp } from 'lucide-react'
import { Suspense, useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import type { ItemId, ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import { finalRunStatuses } from '#shared/runs/schema.ts'
import { readApprovalState, readLastRun, sessionStates } from '#shared/sessions/doc.ts'
import type { Item } from '#shared/sessions/items.ts'
import { createStore } from '../ui/store.ts'
import { useDocValue } from '../sync/use-document.ts'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { Announcer } from './announcer.tsx'
import { itemInAddress } from './item-actions.ts'
import { makersByRun } from './makers.ts'
import { markFound } from './mark-found.ts'
import { createOpened, setOpened } from './opened.ts'
import type { RenderApproval, RowContext } from './row-context.ts'
import { RowView } from './row-view.tsx'
import { rowsOf } from './rows.ts'
import { useUnread } from './unread.ts'
import { useItemActions, type ActionHooks } from './use-item-actions.ts'
import type { FoundItem } from './use-find.ts'
import { useItems } from './use-items.ts'
import { useScrollAnchor } from './use-scroll-anchor.ts'
import { useReading, type SharedReading } from './use-reading.ts'
import { focusedRow, useRoving } from './use-roving.ts'
import { useTrajectoryCommands } from './use-trajectory-commands.ts'
import './trajectory.css'

const FindBar = lazy(() => import('./find-bar.tsx'))
const ItemMenu = lazy(() => import('./item-menu.tsx'))

type Props = {
  doc: Y.Doc
  ready: boolean
  projectId: ProjectId
  sessionId: SessionId
  /** Whose place in the conversation is remembered. */
  me: UserId
  /** May answer questions and ask again. */
  mayAct: boolean
  renderApproval: RenderApproval
  /** Shows a part of the workspace, for this person alone. Stable between renders. */
  onOpen?: RowContext['onOpen']
  /** What this person reads, for those who follow them, and what the one reads whom they follow. */
  sharedReading?: SharedReading
  /** Shown while nothing was said. */
  empty: ReactNode
} & ActionHooks

/** The conversation of a session. Key it by session: what it has seen is kept while it is mounted. */
export function Trajectory(props: Props) {
  const { doc, ready, projectId, sessionId, me, mayAct, renderApproval, onOpen, empty } = props
  const { t } = useTranslation('trajectory')
  const { items, held, live, view, last, extend, goTo, toEnd, failed } = useItems(sessionId, doc)
  const run = useDocValue(doc, readLastRun, sessionStates)
  const activeRun = run && !finalRunStatuses.includes(run.status) ? run.id : undefined

  const [atEnd, setAtEnd] = useState(true)
  const readUpTo = useUnread(me, sessionId, items, last, atEnd)
  const statuses = useDocValue(
    doc,
    useCallback((from: Y.Doc) => items.flatMap((item) => (item.type === 'approval' ? [readApprovalState(from, item.id)?.status] : [])), [items]),
    sessionStates,
  )
  const makers = useMemo(() => makersByRun(items, held), [items, held])
  const rows = useMemo(() => {
    const asked = items.filter((item) => item.type === 'approval').map((item) => item.id)
    const approvalStatus = (id: ItemId) => statuses[asked.indexOf(id)]
    const isActive = (runId: string | undefined) => runId !== undefined && runId === activeRun
    return rowsOf(items, view.to === last ? live : [], { readUpTo, isActive, approvalStatus, makers: (runId) => makers.get(runId) })
  }, [items, live, view.to, last, readUpTo, activeRun, statuses, makers])

  const parts = {
    scroller: useRef<HTMLDivElement>(null),
    above: useRef<HTMLDivElement>(null),
    below: useRef<HTMLDivElement>(null),
    list: useRef<HTMLDivElement>(null),
  }
  const { scroller, above, below, list } = parts
  const moved = useRef(() => {})
  const { stuck, onScroll, hand, reveal, jumpToEnd, reading, lead } = useScrollAnchor(parts, {
    rows,
    view,
    last,
    extend,
    goTo,
    toEnd,
    onMove: () => moved.current(),
  })
  if (stuck !== atEnd) setAtEnd(stuck)
  const [leftAt, setLeftAt] = useState(last)
  if (stuck && leftAt !== last) setLeftAt(last)
  const fresh = Math.max(0, last - leftAt)

  const [opened] = useState(createOpened)
  const [active] = useState(() => createStore<string | undefined>(undefined))
  const { focusRow, neighbour, events } = useRoving(scroller, list, active, rows)
  const actions = useItemActions({ ...props, items: held, running: activeRun !== undefined })

  const show = useCallback(
    async (target: ItemId | number) => {
      const row = await reveal(target)
      if (row) focusRow(row)
      return row
    },
    [reveal, focusRow],
  )
  const onGoTo = useCallback((id: ItemId) => void show(id), [show])
  const context = useMemo<RowContext>(
    () => ({ doc, projectId, sessionId, me, mayAct, opened, active, actions, onGoTo, onOpen, renderApproval }),
    [doc, projectId, sessionId, me, mayAct, opened, active, actions, onGoTo, onOpen, renderApproval],
  )

  const known = last > 0
  moved.current = useReading(props.sharedReading, { reading, lead, known, stuck })

  // An address with an item leads to it, also later.
  useEffect(() => {
    if (!known) return
    const follow = () => {
      const id = itemInAddress(location.hash)
      if (id) void show(id)
    }
    follow()
    window.addEventListener('hashchange', follow)
    return () => window.removeEventListener('hashchange', follow)
  }, [known, show])

  /** The call that stands for a request that was approved. */
  const callOf = (id: ItemId) => {
    const asked = items.find((item) => item.id === id)
    return asked?.type === 'approval' ? items.find((item) => item.type === 'tool_call' && item.approvalId === asked.approval.id)?.id : undefined
  }
  const itemById = (id: string | undefined) => items.find((item) => item.id === id)
  const itemOf = (row: HTMLElement | null) => itemById(row?.dataset.items?.split(' ')[0])
  const focused = () => {
    const row = focusedRow(list.current)
    const inGroup = document.activeElement?.closest<HTMLElement>('[data-part]')?.dataset.part
    const item = itemById(inGroup) ?? itemOf(row)
    return row && item ? { row, item } : undefined
  }

  const [finding, setFinding] = useState(false)
  const [found, setFound] = useState<{ query: string; match: FoundItem | undefined }>({ query: '', match: undefined })
  useEffect(() => markFound(list.current, finding ? found.query : '', found.match?.id), [finding, found, rows, list])
  const onMatch = (query: string, match: FoundItem | undefined) => {
    setFound({ query, match })
    if (!match) return
    void reveal(match.seq).then((row) => {
      if (row?.dataset.row?.startsWith('group ')) setOpened(opened, row.dataset.row, true)
      if (row?.dataset.itemType === 'tool_call') setOpened(opened, callOf(match.id) ?? match.id, true)
      requestAnimationFrame(() => markFound(list.current, query, match.id))
    })
  }

  const toStart = () => void show(1)
  const toUnread = readUpTo === undefined ? undefined : () => void reveal(readUpTo + 1)
  useTrajectoryCommands({ focused, neighbour, focusRow, toStart, toEnd: () => void jumpToEnd(), toUnread, find: () => setFinding(true), actions })

  const onKeyDown = (event: KeyboardEvent) => {
    hand.onKeyDown(event)
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Home') {
      event.preventDefault()
      toStart()
    } else if (event.key === 'End') {
      event.preventDefault()
      void jumpToEnd()
    }
  }

  const [menu, setMenu] = useState<{ item: Item; at: { x: number; y: number } }>()
  const onContextMenu = (event: MouseEvent) => {
    const target = event.target instanceof HTMLElement ? event.target : null
    const row = target?.closest<HTMLElement>('[data-row]') ?? null
    // Selected text, links and fields have a menu of the browser's own.
    if (!row || event.shiftKey || target?.closest('a, input, textarea, img') || getSelection()?.isCollapsed === false) return
    const item = itemById(target?.closest<HTMLElement>('[data-part]')?.dataset.part) ?? itemOf(row)
    if (!item) return
    event.preventDefault()
    const box = row.getBoundingClientRect()
    const byKey = event.clientX === 0 && event.clientY === 0
    setMenu({ item, at: byKey ? { x: box.left + 40, y: Math.max(box.top, 0) + 24 } : { x: event.clientX, y: event.clientY } })
  }

  const listeners = { ...hand, ...events, onKeyDown, onScroll, onContextMenu }
  const nothing = rows.length === 0
  const unreadAbove = readUpTo !== undefined && stuck && last - readUpTo > 5
  return (
    <div role="log" aria-label={t('name')} aria-live="polite" aria-relevant="additions" className="relative min-h-0 flex-1">
      {nothing && (ready && last === 0 ? <div className="h-full overflow-y-auto">{empty}</div> : <Skeleton label={t('loading')} lines={4} />)}
      {!nothing && (
        <div
          ref={scroller}
          role="group"
          aria-label={t('name')}
          tabIndex={-1}
          aria-live="off"
          {...listeners}
          className="relative h-full overflow-y-auto [overflow-anchor:none] focus-visible:-outline-offset-2"
        >
          <div ref={above} aria-hidden className="not-drawn" />
          <div ref={list}>
            {rows.map((row) => (
              <RowView key={row.key} row={row} context={context} />
            ))}
          </div>
          <div ref={below} aria-hidden className="not-drawn" />
          <div className="h-5" />
        </div>
      )}
      {finding && (
        <Suspense>
          <FindBar
            sessionId={sessionId}
            items={items}
            onMatch={onMatch}
            onClose={() => {
              setFinding(false)
              focusRow(found.match ? list.current?.querySelector<HTMLElement>(`[data-items~="${found.match.id}"]`) : neighbour(-1))
            }}
          />
        </Suspense>
      )}
      {menu && (
        <Suspense>
          <ItemMenu {...menu} actions={actions} onClose={() => setMenu(undefined)} />
        </Suspense>
      )}
      {failed !== undefined && (
        <div className="absolute inset-x-0 top-2 flex justify-center">
          <Button onClick={() => extend(view.from > 1 ? 'up' : 'down')}>{t('loadAgain')}</Button>
        </div>
      )}
      {unreadAbove && toUnread && (
        <Pill at="top" onClick={toUnread} icon={<ArrowUp size={13} aria-hidden />} text={t('newCount', { count: last - readUpTo })} />
      )}
      {!stuck && !nothing && (
        <Pill
          at="bottom"
          onClick={() => void jumpToEnd()}
          icon={<ArrowDown size={13} aria-hidden />}
          text={fresh > 0 ? t('newCount', { count: fresh }) : t('toTheEnd')}
        />
      )}
      <Announcer items={held} last={last} />
    </div>
  )
}

const Pill = ({ at, onClick, icon, text }: { at: 'top' | 'bottom'; onClick(): void; icon: ReactNode; text: string }) => (
  <div className={`pointer-events-none absolute inset-x-0 flex justify-center ${at === 'top' ? 'top-3' : 'bottom-3'}`}>
    <button
      type="button"
      onClick={onClick}
      className="rise pointer-events-auto inline-flex h-(--h-control) items-center gap-1.5 rounded-full bg-raised px-3 text-small font-label text-fg shadow-pop hover:bg-sunken"
    >
      {icon}
      {text}
    </button>
  </div>
)
