import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import type { VListHandle } from 'virtua'
import type { Row } from './rows.ts'

const nearEnd = 48
/** A scroll this soon after a hand on wheel, touch or key is a person's. */
const inputMs = 600

/**
 * Keeps the end in view for as long as the person has not scrolled away from it; only a person's own scrolling leaves the
 * end, never content that grows. Counts what came since.
 */
export function useStickToEnd(list: RefObject<VListHandle | null>, rows: readonly Row[]) {
  const [stuck, setStuck] = useState(true)
  const state = useRef({ stuck: true, offset: 0, inputAt: 0 })
  const lastSeen = useRef<string | undefined>(undefined)

  const toEnd = useCallback(() => {
    if (rows.length > 0) list.current?.scrollToIndex(rows.length, { align: 'end' })
  }, [list, rows.length])

  const stick = useCallback((next: boolean) => {
    state.current.stuck = next
    setStuck(next)
  }, [])

  const onScroll = useCallback(
    (offset: number) => {
      const handle = list.current
      if (!handle) return
      const now = state.current
      const atEnd = handle.scrollSize - offset - handle.viewportSize < nearEnd
      const byHand = performance.now() - now.inputAt < inputMs
      if (atEnd && !now.stuck && offset >= now.offset) stick(true)
      else if (!atEnd && now.stuck && byHand && offset < now.offset) stick(false)
      now.offset = offset
    },
    [list, stick],
  )
  const onResize = useCallback(() => {
    if (state.current.stuck) toEnd()
  }, [toEnd])
  const onInput = useCallback(() => {
    state.current.inputAt = performance.now()
  }, [])

  useLayoutEffect(() => {
    if (state.current.stuck) toEnd()
  }, [rows, toEnd])

  const last = rows.at(-1)?.key
  if (stuck) lastSeen.current = last
  const from = rows.findIndex((row) => row.key === lastSeen.current)
  const fresh = stuck || from < 0 ? 0 : rows.slice(from + 1).filter((row) => row.kind === 'item').length

  return {
    stuck,
    fresh,
    onScroll,
    onResize,
    onInput,
    jump: useCallback(() => {
      stick(true)
      toEnd()
    }, [stick, toEnd]),
  }
}
