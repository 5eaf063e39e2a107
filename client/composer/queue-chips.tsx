import { ArrowUp, ListEnd, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ItemId, SessionId } from '#shared/base/ids.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import type { QueuedMessage } from '#shared/sessions/schema.ts'
import { useCall } from '../api/use-call.ts'
import { useHue } from '../theme/hues.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { PersonMark } from '../ui/marks.tsx'

type Props = { sessionId: SessionId; queue: readonly QueuedMessage[]; mayEdit: boolean }

/** Messages that wait for the run; everyone with edit rights may change, reorder, send now or remove any of them. */
export function QueueChips({ sessionId, queue, mayEdit }: Props) {
  const { t } = useTranslation('composer')
  const [said, setSaid] = useState('')
  return (
    <>
      <ul
        aria-label={t('queue.label')}
        className="max-h-32 divide-y divide-line overflow-y-auto rounded-t-lg border border-b-0 border-line-strong bg-sunken max-sm:rounded-lg max-sm:border-b"
      >
        {queue.map((message, at) => (
          <Chip
            key={message.id}
            sessionId={sessionId}
            message={message}
            mayEdit={mayEdit}
            above={queue[at - 1]?.id}
            onMoved={() => setSaid(t('queue.movedUp', { at }))}
          />
        ))}
      </ul>
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
    </>
  )
}

type ChipProps = {
  sessionId: SessionId
  message: QueuedMessage
  mayEdit: boolean
  /** The one that is read before it. */
  above: ItemId | undefined
  onMoved(): void
}

function Chip({ sessionId, message, mayEdit, above, onMoved }: ChipProps) {
  const { t } = useTranslation('composer')
  const [draft, setDraft] = useState<string>()
  const colour = useHue(message.author.id)
  const params = { id: sessionId, itemId: message.id }
  const failed = t('queue.notChanged')
  const edit = useCall(sessionCalls.editQueued, { failed })
  const remove = useCall(sessionCalls.removeQueued, { failed })

  const save = () => {
    const text = draft?.trim()
    setDraft(undefined)
    if (text && text !== message.text) edit.mutate({ params, body: { text } })
  }
  const { author, editedBy } = message
  return (
    <li className="group flex min-h-8 items-center gap-2 pr-1 pl-3 text-ui text-fg-2">
      {mayEdit && above ? (
        <IconButton
          label={t('queue.up')}
          disabled={edit.isPending}
          className="-ml-1.5 w-7!"
          onClick={() => edit.mutate({ params, body: { before: above } }, { onSuccess: onMoved })}
        >
          <ArrowUp size={15} />
        </IconButton>
      ) : (
        <ListEnd size={15} className="shrink-0 text-fg-3" aria-hidden />
      )}
      {draft === undefined ? (
        <button
          type="button"
          disabled={!mayEdit}
          title={mayEdit ? t('queue.edit') : message.text}
          onClick={() => setDraft(message.text)}
          className="min-w-0 flex-1 truncate rounded-sm text-left enabled:hover:text-fg pointer-coarse:min-h-11"
        >
          {message.text}
        </button>
      ) : (
        <input
          aria-label={t('queue.text')}
          autoFocus
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={save}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return
            if (event.key === 'Enter') save()
            if (event.key === 'Escape') {
              event.preventDefault()
              setDraft(undefined)
            }
          }}
          className="h-6 min-w-0 flex-1 rounded-sm border border-line-field bg-raised px-1.5 text-ui text-fg"
        />
      )}
      <span title={editedBy ? t('queue.editedBy', { name: author.name, editor: editedBy.name }) : author.name} className="inline-flex">
        <PersonMark name={author.name} colour={colour} size="small" />
        <span className="sr-only">{author.name}</span>
      </span>
      {mayEdit && (
        <>
          {message.mode === 'queue' && (
            <Button look="ghost" title={t('modeTitle.steer')} busy={edit.isPending} onClick={() => edit.mutate({ params, body: { mode: 'steer' } })}>
              {t('queue.sendNow')}
            </Button>
          )}
          <IconButton label={t('queue.remove')} disabled={remove.isPending} onClick={() => remove.mutate({ params })}>
            <X size={15} />
          </IconButton>
        </>
      )}
    </li>
  )
}
