import type { ReactNode } from 'react'
import { cx } from './class-names.ts'

const tones = { plain: 'bg-surface border-b border-line', warn: 'bg-warn-tint', danger: 'bg-danger-tint', accent: 'bg-accent-tint' }

/** One line across a pane about a state that lasts. */
export const Banner = ({
  tone = 'plain',
  icon,
  children,
  action,
}: {
  tone?: keyof typeof tones
  icon?: ReactNode
  children: ReactNode
  action?: ReactNode
}) => (
  <div
    role="status"
    className={cx('flex min-h-9 shrink-0 items-center justify-end gap-2.5 px-4 max-sm:flex-wrap py-1.5 text-ui text-fg-2', tones[tone])}
  >
    {icon}
    <p className="min-w-0 flex-1 basis-56">{children}</p>
    {action}
  </div>
)
