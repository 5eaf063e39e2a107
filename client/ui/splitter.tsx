import { useRef, type KeyboardEvent, type PointerEvent } from 'react'

type Props = {
  label: string
  width: number
  min: number
  max: number
  onChange(width: number): void
  /** Back to the width there was at first: a double click, or Enter. */
  onReset?(): void
}

/** The edge between two panes: drag it, or focus it and use the arrow keys. The width is the left pane's, in pixels. */
export function Splitter({ label, width, min, max, onChange, onReset }: Props) {
  const start = useRef<{ x: number; width: number } | null>(null)
  const set = (next: number) => onChange(Math.round(Math.min(max, Math.max(min, next))))

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    // Where the layout gave the pane less than it asked for, the edge moves from where it is seen.
    const shown = event.currentTarget.previousElementSibling?.getBoundingClientRect().width
    start.current = { x: event.clientX, width: shown ?? width }
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (start.current) set(start.current.width + event.clientX - start.current.x)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && onReset) return onReset()
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
      data-keys="own"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (start.current = null)}
      onPointerCancel={() => (start.current = null)}
      onDoubleClick={onReset}
      onKeyDown={onKeyDown}
      className="group relative z-10 w-px shrink-0 cursor-col-resize touch-none bg-line select-none focus-visible:outline-offset-0 forced-colors:bg-[CanvasText]"
    >
      <span className="absolute inset-y-0 -left-1.5 w-[13px] pointer-coarse:-left-3 pointer-coarse:w-6" />
      <span className="absolute inset-y-0 -left-px w-[3px] bg-transparent transition-colors duration-(--d-hover) group-hover:bg-line-field group-focus-visible:bg-focus group-active:bg-accent" />
    </div>
  )
}
