import { Suspense, useCallback, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import type { ItemId, ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import { createStore } from '../ui/store.ts'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { Announcer } from './announcer.tsx'
import { lookUp } from './item-lookup.ts'
import { createOpened } from './opened.ts'
import { Pill } from './pill.tsx'
import type { RenderApproval, RowContext } from './row-context.ts'
import { RowView } from './row-view.tsx'
import { useUnread } from './unread.ts'
import { useFinding } from './use-finding.ts'
import { useItemActions, type ActionHooks } from './use-item-actions.ts'
import { useItemInAddress } from './use-item-in-address.ts'
import { useItemMenu } from './use-item-menu.ts'
import { useItems } from './use-items.ts'
import { useScrollAnchor } from './use-scroll-anchor.ts'
import { useReading, type SharedReading } from './use-reading.ts'
import { useRoving } from './use-roving.ts'
import { useRows } from './use-rows.ts'
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
  const all = useItems(sessionId, doc)
  const { items, held, view, last, extend } = all
  const [atEnd, setAtEnd] = useState(true)
  const readUpTo = useUnread(me, sessionId, items, last, atEnd)
  const { rows, running } = useRows(doc, all, readUpTo)

  const parts = {
    scroller: useRef<HTMLDivElement>(null),
    above: useRef<HTMLDivElement>(null),
    below: useRef<HTMLDivElement>(null),
    list: useRef<HTMLDivElement>(null),
  }
  const { scroller, above, below, list } = parts
  const moved = useRef(() => {})
  const { stuck, onScroll, hand, reveal, jumpToEnd, reading, lead } = useScrollAnchor(parts, { ...all, rows, onMove: () => moved.current() })
  if (stuck !== atEnd) setAtEnd(stuck)
  const fresh = useFresh(stuck, last)

  const [opened] = useState(createOpened)
  const [active] = useState(() => createStore<string | undefined>(undefined))
  const { focusRow, neighbour, events } = useRoving(scroller, list, active, rows)
  const actions = useItemActions({ ...props, items: held, running })
  const goTo = useCallback((target: ItemId | number) => void reveal(target).then(focusRow), [reveal, focusRow])
  const context = useMemo<RowContext>(
    () => ({ doc, projectId, sessionId, me, mayAct, opened, active, actions, onGoTo: goTo, onOpen, renderApproval }),
    [doc, projectId, sessionId, me, mayAct, opened, active, actions, goTo, onOpen, renderApproval],
  )

  const known = last > 0
  moved.current = useReading(props.sharedReading, { reading, lead, known, stuck })
  useItemInAddress(known, goTo)

  const lookup = lookUp(items, list)
  const { finding, setFinding, onMatch, foundRow } = useFinding({ list, rows, opened, callOf: lookup.callOf, reveal })
  const { menu, onContextMenu, closeMenu } = useItemMenu(lookup.under)
  const toStart = () => goTo(1)
  const toEnd = () => void jumpToEnd()
  const toUnread = readUpTo === undefined ? undefined : () => void reveal(readUpTo + 1)
  useTrajectoryCommands({ focused: lookup.focused, neighbour, focusRow, toStart, toEnd, toUnread, find: () => setFinding(true), actions })

  const onKeyDown = (event: KeyboardEvent) => {
    hand.onKeyDown(event)
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return
    const go = event.key === 'Home' ? toStart : event.key === 'End' ? toEnd : undefined
    if (!go) return
    event.preventDefault()
    go()
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
              focusRow(foundRow(() => neighbour(-1)))
            }}
          />
        </Suspense>
      )}
      <Suspense>{menu && <ItemMenu {...menu} actions={actions} onClose={closeMenu} />}</Suspense>
      {all.failed !== undefined && (
        <div className="absolute inset-x-0 top-2 flex justify-center">
          <Button onClick={() => extend(view.from > 1 ? 'up' : 'down')}>{t('loadAgain')}</Button>
        </div>
      )}
      {unreadAbove && toUnread && <Pill at="top" onClick={toUnread} text={t('newCount', { count: last - readUpTo })} />}
      {!stuck && !nothing && <Pill at="bottom" onClick={toEnd} text={fresh > 0 ? t('newCount', { count: fresh }) : t('toTheEnd')} />}
      <Announcer items={held} last={last} />
    </div>
  )
}

/** How many items came since this person left the end. */
function useFresh(stuck: boolean, last: number): number {
  const [leftAt, setLeftAt] = useState(last)
  if (stuck && leftAt !== last) setLeftAt(last)
  return Math.max(0, last - leftAt)
}
