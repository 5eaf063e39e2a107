import { useMemo, useRef, type KeyboardEvent, type TouchEvent, type WheelEvent } from 'react'

/** A scroll this soon after a hand on wheel, touch or key is a person's. */
const inputMs = 600

/**
 * Tells a person's scrolling from that of content that grows. A hand that pulls up leaves the end at once: waiting for the
 * scrolling would lose against text that comes.
 */
export function useHand(onLeave: () => void) {
  const state = useRef({ at: 0, touchY: 0 })
  return useMemo(() => {
    const touched = () => {
      state.current.at = performance.now()
    }
    return {
      byHand: () => performance.now() - state.current.at < inputMs,
      hand: {
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
      },
    }
  }, [onLeave])
}
