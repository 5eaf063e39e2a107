import { Search } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { cx } from '../ui/class-names.ts'
import { Spinner } from '../ui/spinner.tsx'

type Props = {
  title: string
  placeholder: string
  value: string
  onChange(value: string): void
  busy: boolean
  /** Offered below, and which of them Enter takes. */
  count: number
  active: number
  onActive(index: number): void
  onTake(index: number): void
  onClose(): void
  /** Beside the field. */
  options?: ReactNode
  children: ReactNode
}

const optionId = (index: number) => `found-${index}`

type OptionProps = {
  index: number
  active: number
  onActive(index: number): void
  onTake(index: number): void
  className: string
  children: ReactNode
}

/** One of those that fit. */
export const FinderOption = ({ index, active, onActive, onTake, className, children }: OptionProps) => (
  // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the field above has the keys
  <div
    id={optionId(index)}
    role="option"
    tabIndex={-1}
    aria-selected={index === active}
    onClick={() => onTake(index)}
    onPointerMove={() => onActive(index)}
    className={cx(
      'flex items-center gap-2 rounded-md px-2 pointer-coarse:min-h-11',
      className,
      index === active && 'bg-selected forced-colors:outline',
    )}
  >
    {children}
  </div>
)

/** A field with what fits below it: arrows choose, Enter takes, Esc closes. */
export function FinderFrame({ title, placeholder, value, onChange, busy, count, active, onActive, onTake, onClose, options, children }: Props) {
  const list = useRef<HTMLDivElement>(null)
  const taken = useRef(false)
  useEffect(() => {
    list.current?.querySelector(`#${optionId(active)}`)?.scrollIntoView({ block: 'nearest' })
  }, [active])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const moves: Record<string, number> = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + 8, PageUp: active - 8 }
    const next = moves[event.key]
    if (next !== undefined) {
      event.preventDefault()
      if (count > 0) onActive(Math.abs(next - active) === 1 ? (next + count) % count : Math.max(0, Math.min(count - 1, next)))
    } else if (event.key === 'Enter' && count > 0) {
      event.preventDefault()
      taken.current = true
      onTake(active)
    }
  }
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fade fixed inset-0 z-50 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          // What was chosen takes the focus itself.
          onCloseAutoFocus={(event) => taken.current && event.preventDefault()}
          onClick={(event) => {
            if (event.target instanceof Element && event.target.closest('[role="option"]')) taken.current = true
          }}
          className="rise fixed inset-x-3 top-[min(12dvh,120px)] z-50 mx-auto flex max-h-[72dvh] max-w-[640px] flex-col overflow-hidden rounded-xl bg-raised shadow-modal focus:outline-none forced-colors:border"
        >
          <Dialog.Title className="sr-only">{title}</Dialog.Title>
          <div className="flex min-h-11 shrink-0 items-center gap-2 border-b border-line px-3">
            {busy ? <Spinner className="text-fg-3" /> : <Search size={15} aria-hidden className="shrink-0 text-fg-3" />}
            <input
              autoFocus
              role="combobox"
              aria-label={title}
              aria-expanded={count > 0}
              aria-controls="found"
              aria-autocomplete="list"
              aria-activedescendant={count > 0 ? optionId(active) : undefined}
              value={value}
              placeholder={placeholder}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => onChange(event.target.value)}
              onKeyDown={onKeyDown}
              className="h-11 min-w-0 flex-1 bg-transparent text-body text-fg outline-none"
            />
            {options}
          </div>
          <div ref={list} className="min-h-0 flex-1 overflow-y-auto">
            {children}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
