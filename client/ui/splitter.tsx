import { useRef, type KeyboardEvent, type PointerEvent } from 'react'

type Props = { label: string; width: number; min: number; max: number; onChange(width: number): void }

/** The edge between two panes: drag it, or focus it and use the arrow keys. The width is the left pane's, in pixels. */
export function Splitter({ label, width, min, max, onChange }: Props) {
  const start = useRef<{ x: number; width: number } | null>(null)
  const set = (next: number) => onChange(Math.round(Math.min(max, Math.max(min, next))))

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    start.current = { x: event.clientX, width }
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (start.current) set(start.current.width + event.clientX - start.current.x)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -16, ArrowRight: 16, Home: -Infinity, End: Infinity }[event.key]
    if (step === undefined) return
    event.preventDefault()
    set(width + step)
  }

  return (
    <div
      role="separator"
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (start.current = null)}
      onPointerCancel={() => (start.current = null)}
      onKeyDown={onKeyDown}
      className="group relative z-10 w-px shrink-0 cursor-col-resize touch-none bg-line select-none focus-visible:outline-offset-0"
    >
      <span className="absolute inset-y-0 -left-1 w-[9px]" />
      <span className="absolute inset-y-0 left-0 w-px bg-transparent transition-colors group-hover:bg-line-field group-active:bg-accent" />
    </div>
  )
}
