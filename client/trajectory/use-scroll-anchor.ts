import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import type { ItemId } from '#shared/base/ids.ts'
import type { Reading } from '#shared/presence/schema.ts'
import type { Row } from './rows.ts'
import { useHand } from './use-hand.ts'
import type { View } from './view.ts'

const nearEnd = 48
/** How near an end of what is drawn more is fetched, in pixels. */
const margin = 1600
/** A place this far from what is drawn is jumped to, not walked to. */
const far = 2400
/** What a row is taken to be high until it is drawn, and the most that all of them may be. */
const guess = { row: 64, most: 8_000_000 }

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

type Wish = { key: string; place: 'reveal' | 'top'; at?: number }

/** Where in the view one reads, from its top. */
const lineOf = (scroller: HTMLElement) => Math.min(120, scroller.clientHeight / 4)
/** Where the view begins when the line is at this part of a row. */
const topAt = (scroller: HTMLElement, row: HTMLElement, at: number) => row.offsetTop + at * row.offsetHeight - lineOf(scroller)

/**
 * Keeps what is looked at where it is, whatever comes, goes or grows around it, and fetches what is scrolled to. At the end
 * it stays at the end; only a person's own scrolling leaves it.
 */
export function useScrollAnchor(parts: Parts, options: Options) {
  const { scroller, above, below, list } = parts
  const [stuck, setStuck] = useState(true)
  const now = useRef({ ...options, stuck: true, offset: 0, top: 0, jumping: false, led: false, wish: undefined as Wish | undefined })
  const anchors = useRef<{ element: HTMLElement; at: number }[]>([])
  Object.assign(now.current, options)

  const stick = useCallback((next: boolean) => {
    now.current.stuck = next
    setStuck(next)
  }, [])

  const rowHeight = useCallback(() => Math.min(guess.row, guess.most / Math.max(1, now.current.last)), [])

  const setTop = useCallback(
    (height: number) => {
      now.current.top = Math.max(0, height)
      if (above.current) above.current.style.height = `${now.current.top}px`
    },
    [above],
  )

  /** Remembers which rows are in view, and where. */
  const look = useCallback(() => {
    const { scrollTop = 0, clientHeight = 0 } = scroller.current ?? {}
    const children = (list.current?.children ?? []) as HTMLCollectionOf<HTMLElement>
    let low = 0
    let high = children.length
    while (low < high) {
      const middle = (low + high) >> 1
      const row = children[middle]
      if (row && row.offsetTop + row.offsetHeight <= scrollTop) low = middle + 1
      else high = middle
    }
    anchors.current = []
    for (let at = low; at < children.length && anchors.current.length < 40; at += 1) {
      const element = children[at]
      if (!element || element.offsetTop > scrollTop + clientHeight) break
      anchors.current.push({ element, at: element.offsetTop })
    }
    now.current.onMove()
  }, [scroller, list])

  /** Fetches what the viewport comes near to. */
  const fetchNear = useCallback(() => {
    const element = scroller.current
    const { view, last, top, extend, goTo } = now.current
    if (!element || !list.current || now.current.jumping) return
    const { scrollTop, clientHeight } = element
    // Not laid out: in a pane that is not shown.
    if (clientHeight === 0) return
    const low = list.current.offsetHeight < clientHeight + 3 * margin
    const end = top + list.current.offsetHeight
    const jump = (seq: number) => {
      now.current.jumping = true
      void goTo(seq).then((id) => {
        now.current.jumping = false
        if (id) now.current.wish = { key: id, place: 'top' }
        else requestAnimationFrame(fetchNear)
      })
    }
    if (view.from > 1 && scrollTop + clientHeight < top - far) jump(Math.round(1 + (scrollTop / top) * (view.from - 1)))
    else if (view.to < last && scrollTop > end + far) {
      const rest = Math.max(1, element.scrollHeight - end - clientHeight)
      jump(Math.round(view.to + ((scrollTop - end) / rest) * (last - view.to)))
    } else if (view.from > 1 && scrollTop < top + margin) extend('up', low)
    else if (view.to < last && scrollTop + clientHeight > end - margin) extend('down', low)
  }, [scroller, list])

  /** After anything changed: what was in view is in view, at the same place. */
  const settle = useCallback(() => {
    const element = scroller.current
    if (!element || !list.current || !below.current) return
    const state = now.current
    const { view, last, wish } = state
    below.current.style.height = `${(last - view.to) * rowHeight()}px`
    const wished = wish && list.current.querySelector<HTMLElement>(`[data-items~="${wish.key}"]`)
    if (wish && wished) {
      state.wish = undefined
      // Where the hand is on the scroll bar stays; what belongs there comes to it.
      if (wish.place === 'top' && view.from > 1) setTop(element.scrollTop - (wished.offsetTop - state.top))
      else {
        setTop((view.from - 1) * rowHeight())
        element.scrollTop = topAt(element, wished, wish.at ?? 0)
      }
    } else if (state.stuck) {
      setTop((view.from - 1) * rowHeight())
      element.scrollTop = element.scrollHeight
    } else {
      const anchor = anchors.current.find((one) => one.element.isConnected && one.element.parentElement === list.current)
      const moved = anchor ? anchor.element.offsetTop - anchor.at : 0
      // What is not drawn above gives or takes the difference, so that scrolling is not disturbed.
      const room = view.from === 1 ? -state.top : -moved
      const before = state.top
      setTop(state.top + room)
      const rest = moved + (state.top - before)
      if (Math.abs(rest) > 0.5) element.scrollTop += rest
      // The guess ran out before the beginning did.
      if (view.from > 1 && state.top < 1) {
        const height = (view.from - 1) * rowHeight()
        setTop(height)
        element.scrollTop += height
      }
    }
    state.offset = element.scrollTop
    look()
    fetchNear()
  }, [scroller, list, below, look, fetchNear, rowHeight, setTop])

  useLayoutEffect(settle, [options.rows, options.view, options.last, settle])

  const some = options.rows.length > 0
  useEffect(() => {
    if (!some || !scroller.current || !list.current) return
    const observer = new ResizeObserver(settle)
    observer.observe(scroller.current)
    observer.observe(list.current)
    return () => observer.disconnect()
  }, [some, scroller, list, settle])

  const leave = useCallback(() => {
    const element = scroller.current
    if (element && now.current.stuck && element.scrollHeight > element.clientHeight + 1) {
      look()
      stick(false)
    }
  }, [scroller, look, stick])
  const { hand, byHand } = useHand(leave)

  const onScroll = useCallback(() => {
    const element = scroller.current
    if (!element) return
    const state = now.current
    const offset = element.scrollTop
    const atEnd = state.view.to === state.last && element.scrollHeight - offset - element.clientHeight < nearEnd
    if (state.stuck && byHand() && offset < state.offset - 1 && !atEnd) stick(false)
    else if (!state.stuck && !state.led && atEnd && offset > state.offset) stick(true)
    state.offset = offset
    look()
    fetchNear()
  }, [scroller, look, fetchNear, stick, byHand])

  /** Brings an item into view, wherever in the session it is. Resolves to its row, undefined when there is no such item. */
  const reveal = useCallback(
    async (target: number | ItemId, at = 0): Promise<HTMLElement | undefined> => {
      const id = await now.current.goTo(target)
      if (!id) return undefined
      stick(false)
      now.current.wish = { key: id, place: 'reveal', at }
      const started = performance.now()
      for (;;) {
        settle()
        const row = list.current?.querySelector<HTMLElement>(`[data-items~="${id}"]`)
        if (row && now.current.wish?.key !== id) return row
        if (performance.now() - started > 3000) return undefined
        await new Promise((resolve) => requestAnimationFrame(resolve))
      }
    },
    [list, settle, stick],
  )

  const jumpToEnd = useCallback(async () => {
    if (now.current.view.to < now.current.last) await now.current.toEnd()
    stick(true)
    settle()
  }, [settle, stick])

  /** What is at the line of reading. Undefined while nothing is drawn. */
  const reading = useCallback((): Reading | undefined => {
    const element = scroller.current
    if (!element || element.clientHeight === 0) return undefined
    if (now.current.stuck) return 'end'
    const line = element.scrollTop + lineOf(element)
    for (const { element: row } of anchors.current) {
      const item = row.dataset.items?.split(' ')[0]
      if (!item || row.offsetTop + row.offsetHeight <= line) continue
      const at = (line - row.offsetTop) / Math.max(1, row.offsetHeight)
      return { item: item as ItemId, at: Math.round(Math.max(0, at) * 1000) / 1000 }
    }
    return 'end'
  }, [scroller])

  /** Shows what somebody else reads; undefined: nobody leads any more. */
  const lead = useCallback(
    async (to: Reading | undefined, smooth: boolean) => {
      now.current.led = to !== undefined && to !== 'end'
      if (!to) return
      if (to === 'end') return jumpToEnd()
      const element = scroller.current
      const row = list.current?.querySelector<HTMLElement>(`[data-items~="${to.item}"]`)
      const top = element && row ? topAt(element, row, to.at) : undefined
      if (element && top !== undefined && smooth && Math.abs(top - element.scrollTop) < 2 * element.clientHeight) {
        stick(false)
        element.scrollTo({ top, behavior: 'smooth' })
      } else await reveal(to.item, to.at)
    },
    [scroller, list, stick, reveal, jumpToEnd],
  )

  return { stuck, onScroll, hand, reveal, jumpToEnd, reading, lead }
}
