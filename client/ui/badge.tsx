import type { ReactNode } from 'react'
import { cx } from './class-names.ts'

type Tone = 'plain' | 'outline' | 'accent' | 'ok' | 'warn' | 'danger'

const tones: Record<Tone, string> = {
  plain: 'bg-selected text-fg-2',
  outline: 'border border-line-strong text-fg-2',
  accent: 'bg-accent-tint text-accent-text',
  ok: 'bg-ok-tint text-ok',
  warn: 'bg-warn-tint text-warn',
  danger: 'bg-danger-tint text-danger',
}

/** A word about a state. */
export const Badge = ({ tone = 'plain', className, children }: { tone?: Tone; className?: string; children: ReactNode }) => (
  <span className={cx('inline-flex h-[18px] shrink-0 items-center gap-1 rounded-sm px-1.5 text-micro whitespace-nowrap', tones[tone], className)}>
    {children}
  </span>
)

/** How many; the accent one asks for attention. */
export const CountBadge = ({ count, accent = false, label }: { count: number; accent?: boolean; label?: string }) => (
  <span
    className={cx(
      'inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-full px-1 text-micro tabular-nums',
      accent ? 'bg-accent text-on-accent' : 'bg-selected text-fg-2',
    )}
  >
    {label ? (
      <>
        <span aria-hidden>{count}</span>
        <span className="sr-only">{label}</span>
      </>
    ) : (
      count
    )}
  </span>
)

export const Key = ({ children }: { children: ReactNode }) => (
  <kbd
    aria-hidden
    className="inline-flex h-4 min-w-4 items-center justify-center rounded-[3px] border border-line-strong px-1 font-sans text-micro text-fg-3"
  >
    {children}
  </kbd>
)
