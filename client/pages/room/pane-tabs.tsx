import { LayoutPanelLeft, ListTodo, MessageSquare, ShieldAlert, type LucideIcon } from 'lucide-react'
import { CountBadge } from '../../ui/badge.tsx'
import { cx } from '../../ui/class-names.ts'

export type Pane = 'talk' | 'plan' | 'workspace' | 'approvals'

const panes: { value: Pane; label: string; icon: LucideIcon }[] = [
  { value: 'talk', label: 'Talk', icon: MessageSquare },
  { value: 'plan', label: 'Plan', icon: ListTodo },
  { value: 'workspace', label: 'Workspace', icon: LayoutPanelLeft },
  { value: 'approvals', label: 'Approvals', icon: ShieldAlert },
]

/** One pane at a time on narrow screens; these choose it. */
export const PaneTabs = ({ pane, onPane, waiting }: { pane: Pane; onPane(pane: Pane): void; waiting: number }) => (
  <nav aria-label="Panes" className="grid shrink-0 grid-cols-4 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)]">
    {panes.map(({ value, label, icon: Icon }) => (
      <button
        key={value}
        type="button"
        aria-current={value === pane ? 'page' : undefined}
        onClick={() => onPane(value)}
        className={cx(
          'relative flex h-14 flex-col items-center justify-center gap-0.5 text-micro -outline-offset-4',
          value === pane ? 'text-fg before:absolute before:top-[-1px] before:h-0.5 before:w-8 before:bg-fg' : 'text-fg-2',
        )}
      >
        <span className="relative">
          <Icon size={19} strokeWidth={1.75} aria-hidden />
          {value === 'approvals' && waiting > 0 && (
            <span className="absolute -top-2 -right-3">
              <CountBadge count={waiting} accent />
            </span>
          )}
        </span>
        {label}
      </button>
    ))}
  </nav>
)
