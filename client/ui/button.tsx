import { Slot } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './class-names.ts'
import { Spinner } from './spinner.tsx'

type Look = 'primary' | 'secondary' | 'ghost' | 'deny' | 'destructive'

const looks: Record<Look, string> = {
  primary: 'border-transparent bg-accent text-on-accent hover:bg-accent-hover active:bg-accent-hover',
  secondary: 'bg-raised text-fg border-line-strong hover:bg-sunken active:bg-selected',
  ghost: 'border-transparent text-fg-2 hover:bg-hover hover:text-fg active:bg-press',
  deny: 'border-transparent text-danger hover:bg-hover active:bg-press',
  destructive: 'border-transparent bg-danger-fill text-on-accent hover:brightness-95 active:brightness-90',
}

type Props = ComponentProps<'button'> & { look?: Look; size?: 'normal' | 'large'; busy?: boolean; icon?: ReactNode; asChild?: boolean }

/** A button with words. Busy keeps its name and width and cannot be pressed again. */
export function Button({ look = 'secondary', size = 'normal', busy = false, icon, asChild, className, children, disabled, ...rest }: Props) {
  const Element = asChild ? Slot.Root : 'button'
  const off = disabled === true || busy
  return (
    <Element
      {...(!asChild && { type: 'button' as const })}
      {...rest}
      disabled={off}
      aria-busy={busy || undefined}
      className={cx(
        'relative inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border px-2.5 text-ui font-label whitespace-nowrap transition-colors duration-(--d-hover) select-none',
        size === 'large' ? 'h-(--h-control-lg)' : 'h-(--h-control)',
        off && !busy ? 'border-line bg-transparent text-fg-3' : looks[look],
        className,
      )}
    >
      {asChild ? (
        children
      ) : (
        <>
          {busy ? <Spinner /> : icon}
          {children}
        </>
      )}
    </Element>
  )
}

type IconButtonProps = Omit<ComponentProps<'button'>, 'aria-label'> & { label: string; pressed?: boolean }

/** A button that shows an icon alone; `label` names it and shows as its tooltip. */
export function IconButton({ label, pressed, className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      {...rest}
      className={cx(
        'inline-flex size-(--h-control) shrink-0 items-center justify-center rounded-md text-fg-2 transition-colors duration-(--d-hover) hover:bg-hover hover:text-fg active:bg-press disabled:text-fg-3 disabled:opacity-50 disabled:hover:bg-transparent',
        pressed && 'bg-selected text-fg',
        className,
      )}
    >
      {children}
    </button>
  )
}
