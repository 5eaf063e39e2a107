import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import type { ItemId } from '#shared/base/ids.ts'
import type { Reading } from '#shared/presence/schema.ts'
import type { Row } from './rows.ts'
import { readingAt, rowOfItem, rowsInView, topAt, type SeenRow } from './rows-in-view.ts'
import { guessedHeight, isAtEnd, anchoredTop, neededAt, stuckAfterScroll } from './scroll-rules.ts'
import { useGoTo } from './use-go-to.ts'
import { useHand } from './use-hand.ts'
import type { View } from './view.ts'

export type Parts = {
  scroller: RefObject<HTMLDivElement | null>
  /** Stand for what is not drawn, before and after. */
  above: RefObject<HTMLDivElement | null>
  below: RefObject<HTMLDivElement | null>
  list: RefObject<HTMLDivElement | null>
}

type Options = {
  rows: readonly Row[]
  view: View
  last: number
  extend(where: 'up' | 'down', low?: boolean): void
  goTo(target: number | ItemId): Promise<ItemId | undefined>
  toEnd(): Promise<boolean>
  /** What is looked at has changed. */
  onMove(): void
}

/** An item that is to be in view as soon as it is drawn: at the line of reading, or where the view is already. */
export type Wish = { key: string; place: 'reveal' | 'top'; at?: number }

/** State between two renders: whether the view is held at the end, where it was, and where it is to go. */
export type ScrollState = Options & {
  stuck: boolean
  /** The view goes where somebody else reads. */
  led: boolean
  /** Another place of the session is on its way. */
  jumping: boolean
  wish: Wish | undefined
  offset: number
  /** The height of what is not drawn above. */
  top: number
  seen: readonly SeenRow[]
}

const atFirst = { stuck: true, led: false, jumping: false, wish: undefined, offset: 0, top: 0, seen: [] }

/**
 * Keeps what is looked at where it is, whatever comes, goes or grows around it, and fetches what is scrolled to. At the end
 * it stays at the end; only a person's own scrolling leaves it.
 */
export function useScrollAnchor(parts: Parts, options: Options) {
  const { scroller, above, below, list } = parts
  const [stuck, setStuck] = useState(true)
  const now = useRef<ScrollState>({ ...options, ...atFirst })
  Object.assign(now.current, options)

  const stick = useCallback((next: boolean) => {
    now.current.stuck = next
    setStuck(next)
  }, [])

  const setTop = useCallback(
    (height: number) => {
      now.current.top = Math.max(0, height)
      if (above.current) above.current.style.height = `${now.current.top}px`
    },
    [above],
  )

  /** Remembers which rows are in view, and where. */
  const look = useCallback(() => {
    now.current.seen = scroller.current && list.current ? rowsInView(scroller.current, list.current) : []
    now.current.onMove()
  }, [scroller, list])

  /** Fetches what the viewport comes near to. */
  const fetchNear = useCallback(() => {
    const state = now.current
    if (!scroller.current || !list.current || state.jumping) return
    const need = neededAt({ ...state, ...measured(scroller.current), drawn: list.current.offsetHeight })
    if (!need) return
    if ('extend' in need) return state.extend(need.extend, need.low)
    state.jumping = true
    void state.goTo(need.jumpTo).then((id) => {
      state.jumping = false
      if (id) state.wish = { key: id, place: 'top' }
      else requestAnimationFrame(fetchNear)
    })
  }, [scroller, list])

  /** After anything changed: what was in view is in view, at the same place. */
  const settle = useCallback(() => {
    const element = scroller.current
    if (!element || !list.current || !below.current) return
    const state = now.current
    const { view, last, wish } = state
    const height = guessedHeight(view.from - 1, last)
    below.current.style.height = `${guessedHeight(last - view.to, last)}px`
    const wished = wish && rowOfItem(list.current, wish.key)
    if (wish && wished) {
      state.wish = undefined
      // The scroll bar stays under the person's hand, and the row is brought to it.
      if (wish.place === 'top' && view.from > 1) setTop(element.scrollTop - (wished.offsetTop - state.top))
      else {
        setTop(height)
        element.scrollTop = topAt(element, wished, wish.at ?? 0)
      }
    } else if (state.stuck) {
      setTop(height)
      element.scrollTop = element.scrollHeight
    } else {
      const anchor = state.seen.find((one) => one.element.isConnected && one.element.parentElement === list.current)
      const moved = anchor ? anchor.element.offsetTop - anchor.at : 0
      const kept = anchoredTop(state.top, moved, view.from === 1, height)
      setTop(kept.top)
      if (kept.scrollBy !== 0) element.scrollTop += kept.scrollBy
    }
    state.offset = element.scrollTop
    look()
    fetchNear()
  }, [scroller, list, below, look, fetchNear, setTop])

  useLayoutEffect(settle, [options.rows, options.view, options.last, settle])
  useResized(options.rows.length > 0, scroller, list, settle)

  const leave = useCallback(() => {
    const element = scroller.current
    if (element && now.current.stuck && element.scrollHeight > element.clientHeight + 1) {
      look()
      stick(false)
    }
  }, [scroller, look, stick])
  const { hand, byHand } = useHand(leave)

  const onScroll = useCallback(() => {
    if (!scroller.current) return
    const state = now.current
    const place = { ...state, ...measured(scroller.current) }
    const next = stuckAfterScroll({ ...state, byHand: byHand() }, state.offset, place.scrollTop, isAtEnd(place))
    if (next !== state.stuck) stick(next)
    state.offset = place.scrollTop
    look()
    fetchNear()
  }, [scroller, look, fetchNear, stick, byHand])

  /** What is at the line of reading. Undefined while nothing is drawn. */
  const reading = useCallback((): Reading | undefined => {
    const element = scroller.current
    if (!element || element.clientHeight === 0) return undefined
    return now.current.stuck ? 'end' : readingAt(element, now.current.seen)
  }, [scroller])

  return { stuck, onScroll, hand, reading, ...useGoTo(parts, now, settle, stick) }
}

const measured = ({ scrollTop, clientHeight, scrollHeight }: HTMLElement) => ({ scrollTop, clientHeight, scrollHeight })

/** Calls back whenever the view or what is drawn in it has another size. */
function useResized(some: boolean, scroller: Parts['scroller'], list: Parts['list'], onResize: () => void): void {
  useEffect(() => {
    if (!some || !scroller.current || !list.current) return
    const observer = new ResizeObserver(onResize)
    observer.observe(scroller.current)
    observer.observe(list.current)
    return () => observer.disconnect()
  }, [some, scroller, list, onResize])
}
