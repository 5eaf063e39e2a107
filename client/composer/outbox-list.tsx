import { CircleAlert, Clock, X } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ItemId } from '#shared/base/ids.ts'
import { Button, IconButton } from '../ui/button.tsx'
import type { Unsent } from './outbox.ts'

type Props = { entries: readonly Unsent[]; onRetry(id: ItemId): void; onEdit(entry: Unsent): void; onDiscard(id: ItemId): void }

/** Messages that the server does not have yet: those that go by themselves, and those that need a word from their author. */
export function OutboxList({ entries, onRetry, onEdit, onDiscard }: Props) {
  const { t } = useTranslation('composer')
  // What is on its way for the first time is not worth a line, unless something before it is held up.
  const stuck = entries.some((entry) => entry.tried > 0)
  const shown = entries.filter((entry) => entry.status === 'refused' || stuck)
  if (shown.length === 0) return null
  return (
    <ul
      aria-label={t('unsent.list')}
      className="mx-3 mb-2 max-h-40 divide-y divide-line overflow-y-auto rounded-lg border border-line-strong bg-sunken"
    >
      {shown.map((entry) => {
        const { id, text } = entry.message
        const refused = entry.status === 'refused'
        return (
          <li key={id} className="flex min-h-9 flex-wrap items-center gap-x-2 py-0.5 pr-1 pl-3 text-ui">
            {refused ? (
              <CircleAlert size={15} className="shrink-0 text-danger" aria-hidden />
            ) : (
              <Clock size={15} className="shrink-0 text-fg-3" aria-hidden />
            )}
            <span className="min-w-24 flex-1 truncate text-fg-2">{text}</span>
            <span role={refused ? 'alert' : 'status'} className={refused ? 'text-small text-danger' : 'text-small text-fg-3'}>
              {refused ? t('unsent.refused') : t('unsent.waiting')}
            </span>
            <Button look="ghost" onClick={() => onRetry(id)}>
              {t('unsent.retry')}
            </Button>
            {refused && (
              <Button look="ghost" onClick={() => onEdit(entry)}>
                {t('unsent.edit')}
              </Button>
            )}
            <IconButton label={t('unsent.discard')} onClick={() => onDiscard(id)}>
              <X size={15} />
            </IconButton>
            {refused && entry.problem && <p className="basis-full pb-1 text-small text-fg-3">{entry.problem}</p>}
          </li>
        )
      })}
    </ul>
  )
}
