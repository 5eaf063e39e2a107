import { useRef, type KeyboardEvent } from 'react'
import { cx } from './class-names.ts'
import { steppedTo } from './roving.ts'

type Props<T extends string> = {
  label: string
  /** Undefined: none of them, until one is pressed. */
  value: T | undefined
  options: readonly { value: T; label: string; title?: string }[]
  onChange(value: T): void
  disabled?: boolean
}

/** One of a few, all of them visible: a radio group that arrow keys move in. */
export function Segmented<T extends string>({ label, value, options, onChange, disabled = false }: Props<T>) {
  const group = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const at = steppedTo(
      event.key,
      Math.max(
        options.findIndex((option) => option.value === value),
        0,
      ),
      options.length,
    )
    const next = at === undefined ? undefined : options[at]
    if (!next || at === undefined) return
    event.preventDefault()
    onChange(next.value)
    group.current?.querySelectorAll<HTMLElement>('[role="radio"]')[at]?.focus()
  }
  return (
    <div
      ref={group}
      role="radiogroup"
      aria-label={label}
      aria-disabled={disabled || undefined}
      className={cx('inline-flex h-(--h-control) shrink-0 items-stretch rounded-md p-px', value === undefined ? 'border border-line' : 'bg-selected')}
    >
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          tabIndex={option.value === (value ?? options[0]?.value) ? 0 : -1}
          disabled={disabled}
          title={option.title}
          onClick={() => onChange(option.value)}
          onKeyDown={onKeyDown}
          className={cx(
            'rounded-[5px] border px-2 text-small font-label transition-colors duration-(--d-hover)',
            option.value === value
              ? 'border-line-strong bg-raised text-fg forced-colors:border-[Highlight]'
              : value === undefined
                ? 'border-transparent text-fg-3 hover:text-fg'
                : 'border-transparent text-fg-2 hover:text-fg',
          )}
        >
          {option.label}
        </button>
      ))}
    </div>
  )
}
