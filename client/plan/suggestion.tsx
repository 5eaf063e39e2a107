import { useTranslation } from '../i18n/use-translation.ts'
import type { Todo } from '#shared/board/schema.ts'
import { Button } from '../ui/button.tsx'
import { AgentMark } from '../ui/marks.tsx'

type Props = { todo: Todo; name: string; mayEdit: boolean; onAdd(): void; onDismiss(): void }

/** What an agent suggests, until a person adds or dismisses it. */
export default function Suggestion({ todo, name, mayEdit, onAdd, onDismiss }: Props) {
  const { t } = useTranslation('plan')
  return (
    <li className="flex min-h-(--h-row) items-center gap-2.5 rounded-md pr-1 pl-5">
      <AgentMark id={todo.suggestedBy ?? ''} size="tiny" />
      <span className="min-w-0 flex-1 text-ui break-words">{t('suggests', { name, text: todo.text })}</span>
      {mayEdit && (
        <span className="flex shrink-0 items-center">
          <Button look="ghost" aria-label={t('dismissThis', { text: todo.text })} onClick={onDismiss} className="px-2!">
            {t('dismiss')}
          </Button>
          <Button aria-label={t('acceptThis', { text: todo.text })} onClick={onAdd} className="px-2!">
            {t('accept')}
          </Button>
        </span>
      )}
    </li>
  )
}
