import { useEffect, useRef, useState, type RefObject, type TouchEvent } from 'react'
import type { Size } from './connection.ts'

const padding = 24
const most = 4

/**
 * How large the picture is: as much as there is room for, or 1. Two fingers make it larger and smaller from there; the
 * stage around it scrolls.
 */
export function useScale(stage: RefObject<HTMLElement | null>, size: Size, fit: boolean) {
  const [room, setRoom] = useState<Size>({ width: 0, height: 0 })
  const [zoom, setZoom] = useState(1)
  const pinch = useRef<{ distance: number; zoom: number } | null>(null)

  useEffect(() => {
    const element = stage.current
    if (!element) return
    const watch = new ResizeObserver(() => setRoom({ width: element.clientWidth, height: element.clientHeight }))
    watch.observe(element)
    return () => watch.disconnect()
  }, [stage])
  useEffect(() => setZoom(1), [fit])

  const fitting = Math.min((room.width - padding) / size.width, (room.height - padding) / size.height)
  const base = fit && room.width > 0 ? Math.max(0.1, Math.min(1, fitting)) : 1

  const distance = ({
    touches: [a, b],
  }: {
    touches: ArrayLike<{ clientX: number; clientY: number }> & Iterable<{ clientX: number; clientY: number }>
  }) => (a && b ? Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) : 0)
  const touch = {
    onTouchStart(event: TouchEvent) {
      if (event.touches.length === 2) pinch.current = { distance: distance(event as never), zoom }
    },
    onTouchMove(event: TouchEvent) {
      const begun = pinch.current
      if (!begun || event.touches.length !== 2 || begun.distance === 0) return
      setZoom(Math.min(most / base, Math.max(1, (begun.zoom * distance(event as never)) / begun.distance)))
    },
    onTouchEnd() {
      pinch.current = null
    },
  }
  return { scale: base * zoom, touch: { ...touch, style: { touchAction: 'pan-x pan-y' } as const } }
}
