import { ChevronDown, Plus } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { Todo } from '#shared/board/schema.ts'
import { formatNames } from '../i18n/format.ts'
import { IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { Mark } from './assignee.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { PlanProgress } from './plan-progress.tsx'
import type { Scope } from './use-plan-scope.ts'

type Props = {
  todos: readonly Todo[]
  open: boolean
  /** Whose steps are shown; undefined while there is nothing to choose. */
  scope: Scope | undefined
  onScope(scope: Scope): void
  /** Shown when it can be closed at all. */
  onToggle: (() => void) | undefined
  onAdd: (() => void) | undefined
  /** Others who edit the plan now. */
  editing: readonly { id: string; name: string }[]
}

/** How far the plan is, and who works on it. */
export function PlanHeader({ todos, open, scope, onScope, onToggle, onAdd, editing }: Props) {
  const { t } = useTranslation('plan')
  const current = todos.find((todo) => todo.status === 'in_progress')
  return (
    <header className="flex h-(--h-bar) shrink-0 items-center gap-3 px-4">
      <h2 className="text-ui font-title">{t('title')}</h2>
      <PlanProgress todos={todos} />
      <span className="min-w-0 flex-1 truncate text-ui text-fg-2">{!open && current ? current.text : ''}</span>
      {editing.length > 0 && (
        <span className="flex min-w-0 items-center gap-1.5 text-small text-fg-3">
          <span className="flex -space-x-1">
            {editing.slice(0, 3).map((one) => (
              <Mark key={one.id} one={{ ...one, agent: false }} />
            ))}
          </span>
          <span className="truncate">{t('editing', { count: editing.length, names: formatNames(editing.map((one) => one.name)) })}</span>
        </span>
      )}
      {scope && open && (
        <Segmented
          label={t('scope.label')}
          value={scope}
          options={[
            { value: 'session', label: t('scope.session') },
            { value: 'all', label: t('scope.all') },
          ]}
          onChange={onScope}
        />
      )}
      <span className="flex shrink-0 items-center">
        {onAdd && (
          <IconButton label={t('add')} onClick={onAdd}>
            <Plus size={16} />
          </IconButton>
        )}
        {onToggle && (
          <IconButton label={open ? t('close') : t('open')} aria-expanded={open} onClick={onToggle}>
            <ChevronDown size={16} className={cx('transition-transform duration-(--d-menu)', !open && 'rotate-180')} />
          </IconButton>
        )}
      </span>
    </header>
  )
}
