import { RadioGroup } from 'radix-ui'
import { cx } from './class-names.ts'

type Props<T extends string> = {
  label: string
  value: T
  options: readonly { value: T; label: string; title?: string }[]
  onChange(value: T): void
  disabled?: boolean
}

/** One of a few, all of them visible. */
export function Segmented<T extends string>({ label, value, options, onChange, disabled = false }: Props<T>) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next as T)}
      orientation="horizontal"
      disabled={disabled}
      className="inline-flex h-(--h-control) shrink-0 items-stretch rounded-md bg-selected p-px"
    >
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          title={option.title}
          className={cx(
            'rounded-[5px] border px-2 text-small font-label transition-colors duration-(--d-hover)',
            option.value === value ? 'border-line-strong bg-raised text-fg' : 'border-transparent text-fg-2 hover:text-fg',
          )}
        >
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}
