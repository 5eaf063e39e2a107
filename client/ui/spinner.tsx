import { cx } from './class-names.ts'

/** Something is going on. Still under reduced motion, so a word must stand beside it. */
export const Spinner = ({ className }: { className?: string }) => (
  <svg viewBox="0 0 16 16" className={cx('spin-loop size-3.5 shrink-0', className)} aria-hidden>
    <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" strokeOpacity="0.25" strokeWidth="1.5" />
    <path d="M8 1.5A6.5 6.5 0 0 1 14.5 8" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
  </svg>
)
