import { useId, type ComponentProps, type ReactNode } from 'react'
import { cx } from './class-names.ts'

export const fieldLook =
  'w-full rounded-md border border-line-field bg-raised px-2.5 text-ui text-fg transition-[border-color] duration-(--d-hover) focus:border-focus focus:outline-2 focus:outline-offset-0 focus:outline-focus/35 disabled:border-line disabled:bg-transparent disabled:text-fg-3 aria-invalid:border-danger'

type Props = ComponentProps<'input'> & { label: string; hint?: ReactNode; error?: string | undefined; hideLabel?: boolean }

/** A labelled text field; an error says what to do and is tied to the field. */
export function TextField({ label, hint, error, hideLabel = false, className, ...rest }: Props) {
  const id = useId()
  const note = error ?? hint
  return (
    <div className={className}>
      <label htmlFor={id} className={cx(hideLabel ? 'sr-only' : 'mb-1 block text-small text-fg-2')}>
        {label}
      </label>
      <input
        id={id}
        {...rest}
        aria-invalid={error ? true : undefined}
        aria-describedby={note ? `${id}-note` : undefined}
        className={cx(fieldLook, 'h-(--h-control-lg)')}
      />
      {note && (
        <p id={`${id}-note`} className={cx('mt-1 text-small', error ? 'text-danger' : 'text-fg-3')} role={error ? 'alert' : undefined}>
          {note}
        </p>
      )}
    </div>
  )
}

type SelectProps<T extends string> = Omit<ComponentProps<'select'>, 'onChange' | 'value'> & {
  label: string
  value: T
  options: readonly { value: T; label: string; disabled?: boolean }[]
  onChange(value: T): void
}

/** A choice among few, as the system's own menu. The label is read, not shown. */
export function Select<T extends string>({ label, value, options, onChange, className, ...rest }: SelectProps<T>) {
  return (
    <select
      aria-label={label}
      {...rest}
      value={value}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.target.value)
        if (chosen) onChange(chosen.value)
      }}
      className={cx(
        'h-(--h-control) rounded-md border border-line-strong bg-raised px-1.5 text-ui text-fg hover:bg-sunken disabled:border-line disabled:bg-transparent disabled:text-fg-3',
        className,
      )}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value} disabled={option.disabled} className="bg-raised text-fg">
          {option.label}
        </option>
      ))}
    </select>
  )
}
