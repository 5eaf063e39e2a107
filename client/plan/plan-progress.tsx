import { useTranslation } from '../i18n/use-translation.ts'
import { isSettled, type Todo } from '#shared/board/schema.ts'
import { cx } from '../ui/class-names.ts'

/** More steps than this are one bar instead of a mark each. */
const marksShown = 16

const tone = ({ status }: Todo) => (isSettled(status) ? 'bg-fg-2' : status === 'in_progress' ? 'bg-accent' : 'bg-line-strong')

/** How far the plan is: a mark a step, and in words. */
export function PlanProgress({ todos }: { todos: readonly Todo[] }) {
  const { t } = useTranslation('plan')
  if (todos.length === 0) return null
  const done = todos.filter((todo) => isSettled(todo.status)).length
  return (
    <span className="flex items-center gap-2.5">
      <span aria-hidden className="flex w-32 max-w-[20vw] items-center gap-[3px]">
        {todos.length <= marksShown ? (
          todos.map((todo) => <span key={todo.id} className={cx('h-1 flex-1 rounded-full', tone(todo))} />)
        ) : (
          <span className="h-1 flex-1 overflow-hidden rounded-full bg-line-strong">
            <span className="block h-full bg-fg-2" style={{ width: `${(done / todos.length) * 100}%` }} />
          </span>
        )}
      </span>
      <span className="shrink-0 text-small text-fg-3 tabular-nums">{t('progress', { done, count: todos.length })}</span>
    </span>
  )
}
