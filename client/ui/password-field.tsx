import { Eye, EyeOff } from 'lucide-react'
import { useId, useState, type ComponentProps, type ReactNode } from 'react'
import { IconButton } from './button.tsx'
import { cx } from './class-names.ts'
import { fieldLook } from './field.tsx'

type Props = Omit<ComponentProps<'input'>, 'type'> & {
  label: string
  hint?: ReactNode
  error?: string | undefined
  /** Names of the button that shows what is typed, and hides it again. */
  show: string
  hide: string
}

/** A field for a secret that can be looked at while it is typed. */
export function PasswordField({ label, hint, error, show, hide, className, ...rest }: Props) {
  const id = useId()
  const [shown, setShown] = useState(false)
  const note = error ?? hint
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-small text-fg-2">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          {...rest}
          type={shown ? 'text' : 'password'}
          spellCheck={false}
          autoCapitalize="none"
          aria-invalid={error ? true : undefined}
          aria-describedby={note ? `${id}-note` : undefined}
          className={cx(fieldLook, 'h-(--h-control-lg) pr-10!')}
        />
        <IconButton label={shown ? hide : show} pressed={shown} className="absolute! inset-y-0 right-0.5 my-auto" onClick={() => setShown(!shown)}>
          {shown ? <EyeOff size={15} /> : <Eye size={15} />}
        </IconButton>
      </div>
      {note && (
        <p id={`${id}-note`} role={error ? 'alert' : undefined} className={cx('mt-1 text-small', error ? 'text-danger' : 'text-fg-3')}>
          {note}
        </p>
      )}
    </div>
  )
}
