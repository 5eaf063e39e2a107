import type { ReactNode } from 'react'
import { AppError } from '#shared/base/errors.ts'
import { cx } from './class-names.ts'

/** Nothing here yet, and what to do about it. */
export const Empty = ({
  icon,
  title,
  text,
  children,
  className,
  heading = false,
}: {
  icon: ReactNode
  title: string
  text?: string
  /** The page says nothing else: its title is the page's heading. */
  heading?: boolean
  children?: ReactNode
  className?: string
}) => (
  <div className={cx('flex flex-col items-center justify-center gap-1 px-6 py-8 text-center', className)}>
    <span className="mb-2 text-fg-3 [&_svg]:size-5 [&_svg]:stroke-[1.5]">{icon}</span>
    {heading ? <h1 className="text-title font-title text-fg">{title}</h1> : <p className="text-ui font-title text-fg">{title}</p>}
    {text && <p className="max-w-[280px] text-ui text-fg-2">{text}</p>}
    {children && <div className="mt-3">{children}</div>}
  </div>
)

/** Grey bars where text will be. `label` says what is on its way. */
export const Skeleton = ({ label, lines = 3, className }: { label: string; lines?: number; className?: string }) => (
  <div role="status" aria-label={label} className={cx('flex flex-col gap-3 p-5', className)}>
    {Array.from({ length: lines }, (_, i) => (
      <div key={i} className="pulse-loop h-3 rounded-sm bg-selected" style={{ width: `${[42, 86, 71, 58][i % 4]}%` }} />
    ))}
  </div>
)

/** The reference by which a failure is found in the server's log. */
export const failureReference = (error: unknown): string | undefined =>
  error instanceof AppError && 'requestId' in error && typeof error.requestId === 'string' ? error.requestId : undefined
