import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject, type TouchEvent, type WheelEvent } from 'react'
import type { Row } from './rows.ts'

const nearEnd = 48
/** A scroll this soon after a hand on wheel, touch or key is a person's. */
const inputMs = 600

/**
 * Keeps the end in view for as long as the person has not scrolled away from it; only a person's own scrolling leaves the
 * end, never content that grows. Counts what came since.
 * @param scroller what scrolls @param content what grows inside it
 */
export function useStickToEnd(scroller: RefObject<HTMLElement | null>, content: RefObject<HTMLElement | null>, rows: readonly Row[]) {
  const [stuck, setStuck] = useState(true)
  const state = useRef({ stuck: true, offset: 0, inputAt: 0, touchY: 0 })
  const [lastSeen, setLastSeen] = useState<string>()

  const toEnd = useCallback(() => {
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight })
  }, [scroller])
  const stick = useCallback((next: boolean) => {
    state.current.stuck = next
    setStuck(next)
  }, [])

  const onScroll = useCallback(() => {
    const element = scroller.current
    if (!element) return
    const now = state.current
    const offset = element.scrollTop
    const atEnd = element.scrollHeight - offset - element.clientHeight < nearEnd
    const byHand = performance.now() - now.inputAt < inputMs
    if (now.stuck && byHand && offset < now.offset - 1 && !atEnd) stick(false)
    else if (!now.stuck && atEnd && offset > now.offset) stick(true)
    now.offset = offset
  }, [scroller, stick])

  /** A hand that pulls up leaves the end at once: waiting for the scrolling would lose against text that grows. */
  const onLeave = useCallback(() => {
    const element = scroller.current
    if (element && state.current.stuck && element.scrollHeight > element.clientHeight + 1) stick(false)
  }, [scroller, stick])

  const hand = useMemo(() => {
    const touched = () => {
      state.current.inputAt = performance.now()
    }
    return {
      onWheel: (event: WheelEvent) => {
        touched()
        if (event.deltaY < 0) onLeave()
      },
      onTouchStart: (event: TouchEvent) => {
        state.current.touchY = event.touches[0]?.clientY ?? 0
      },
      onTouchMove: (event: TouchEvent) => {
        touched()
        const y = event.touches[0]?.clientY ?? 0
        if (y > state.current.touchY + 8) onLeave()
        state.current.touchY = y
      },
      onPointerDown: touched,
      onKeyDown: (event: KeyboardEvent) => {
        touched()
        if (['PageUp', 'ArrowUp', 'Home'].includes(event.key)) onLeave()
      },
    }
  }, [onLeave])

  const some = rows.length > 0
  useEffect(() => {
    if (!some || !scroller.current || !content.current) return
    const observer = new ResizeObserver(() => {
      if (state.current.stuck) toEnd()
    })
    observer.observe(scroller.current)
    observer.observe(content.current)
    return () => observer.disconnect()
  }, [some, scroller, content, toEnd])

  const last = rows.at(-1)?.key
  if (stuck && lastSeen !== last) setLastSeen(last)
  const from = rows.findIndex((row) => row.key === lastSeen)
  const fresh = stuck || from < 0 ? 0 : rows.slice(from + 1).filter((row) => row.kind === 'item').length
  const jump = useCallback(() => {
    stick(true)
    toEnd()
  }, [stick, toEnd])
  return { stuck, fresh, onScroll, hand, jump }
}
