import { Circle, CircleCheck, CircleDashed, Lock } from 'lucide-react'
import type { TodoStatus } from '#shared/board/schema.ts'

/** The state of a step as a sign; the word stands in the name of its button. */
export function StatusMark({ status }: { status: TodoStatus | 'waiting' }) {
  switch (status) {
    case 'completed':
      return <CircleCheck size={16} className="fill-fg-2 stroke-surface text-fg-2" aria-hidden />
    case 'in_progress':
      return (
        <svg viewBox="0 0 16 16" className="size-4 text-accent" aria-hidden>
          <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="M8 4.5a3.5 3.5 0 0 1 0 7z" fill="currentColor" />
        </svg>
      )
    case 'waiting':
      return <Lock size={15} className="text-warn" aria-hidden />
    case 'cancelled':
      return <CircleDashed size={16} className="text-fg-3" aria-hidden />
    case 'pending':
      return <Circle size={16} className="text-line-field" aria-hidden />
  }
}
