import { useEffect, useRef, useState } from 'react'

type Props = {
  label: string
  name: string
  /** Why a name cannot be taken, or undefined. */
  problemOf(name: string): string | undefined
  onDone(name: string): void
  onCancel(): void
}

/** A name being given, in its place in the tree. Enter or leaving keeps it, Esc does not. */
export function NameField({ label, name, problemOf, onDone, onCancel }: Props) {
  const [value, setValue] = useState(name)
  const field = useRef<HTMLInputElement>(null)
  const done = useRef(false)
  const trimmed = value.trim()
  const problem = trimmed === name ? undefined : problemOf(trimmed)

  useEffect(() => {
    const input = field.current
    if (!input) return
    input.focus()
    // The ending mostly stays.
    const end = name.lastIndexOf('.')
    input.setSelectionRange(0, end > 0 ? end : name.length)
  }, [name])

  const finish = (keep: boolean) => {
    if (done.current) return
    if (keep && trimmed !== '' && problem !== undefined) return
    done.current = true
    if (keep && trimmed !== '' && trimmed !== name) onDone(trimmed)
    else onCancel()
  }
  return (
    <span className="relative min-w-0 flex-1" data-keys="own">
      <input
        ref={field}
        aria-label={label}
        aria-invalid={problem !== undefined && trimmed !== ''}
        aria-describedby={problem && trimmed ? 'name-problem' : undefined}
        value={value}
        onChange={(event) => setValue(event.target.value)}
        onClick={(event) => event.stopPropagation()}
        onBlur={() => (problem === undefined ? finish(true) : finish(false))}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) finish(true)
          if (event.key === 'Escape') {
            event.preventDefault()
            finish(false)
          }
        }}
        className="h-[22px] w-full rounded-sm border border-line-field bg-raised px-1 text-ui text-fg aria-invalid:border-danger pointer-coarse:h-9"
      />
      {problem && trimmed && (
        <span
          id="name-problem"
          role="alert"
          className="absolute top-full left-0 z-20 mt-1 rounded-md bg-raised px-2 py-1 text-small whitespace-normal text-danger shadow-pop"
        >
          {problem}
        </span>
      )}
    </span>
  )
}
