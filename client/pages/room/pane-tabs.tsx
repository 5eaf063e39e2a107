import { LayoutPanelLeft, ListTodo, MessageSquare, ShieldAlert, type LucideIcon } from 'lucide-react'
import { useTranslation } from '../../i18n/use-translation.ts'
import { useCommands } from '../../commands/commands.ts'
import { CountBadge } from '../../ui/badge.tsx'
import { cx } from '../../ui/class-names.ts'

export type Pane = 'talk' | 'plan' | 'workspace' | 'approvals'

const panes: { value: Pane; icon: LucideIcon }[] = [
  { value: 'talk', icon: MessageSquare },
  { value: 'plan', icon: ListTodo },
  { value: 'workspace', icon: LayoutPanelLeft },
  { value: 'approvals', icon: ShieldAlert },
]

/** One pane at a time on narrow screens; these choose it. */
export function PaneTabs({ pane, onPane, waiting }: { pane: Pane; onPane(pane: Pane): void; waiting: number }) {
  const { t } = useTranslation('room')
  const { t: command } = useTranslation('commands')
  useCommands(
    panes.map(({ value }) => ({
      id: `pane.${value}`,
      label: command('pane', { name: t(`pane.${value}`) }),
      group: 'room',
      run: () => onPane(value),
    })),
  )
  return (
    <nav aria-label={t('panes')} className="grid shrink-0 grid-cols-4 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)]">
      {panes.map(({ value, icon: Icon }) => (
        <button
          key={value}
          type="button"
          aria-current={value === pane ? 'page' : undefined}
          onClick={() => onPane(value)}
          className={cx(
            'relative flex h-14 min-w-0 flex-col items-center justify-center gap-0.5 text-micro -outline-offset-4',
            value === pane
              ? 'text-fg before:absolute before:top-[-1px] before:h-0.5 before:w-8 before:bg-fg forced-colors:before:bg-[Highlight]'
              : 'text-fg-2',
          )}
        >
          <span className="relative">
            <Icon size={19} strokeWidth={1.75} aria-hidden />
            {value === 'approvals' && waiting > 0 && (
              <span className="absolute -top-2 -right-3">
                <CountBadge count={waiting} accent label={t('waiting', { count: waiting })} />
              </span>
            )}
          </span>
          {t(`pane.${value}`)}
        </button>
      ))}
    </nav>
  )
}
