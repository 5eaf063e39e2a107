import { useMutation } from '@tanstack/react-query'
import { ListEnd, X } from 'lucide-react'
import { useState } from 'react'
import { notify } from '../base/notify.ts'
import type { SessionId } from '#shared/base/ids.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import type { QueuedMessage } from '#shared/sessions/schema.ts'
import { call } from '../base/api.ts'
import { useHue } from '../base/hues.tsx'
import { describeError } from '../base/query.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { PersonMark } from '../ui/marks.tsx'

type Props = { sessionId: SessionId; queue: readonly QueuedMessage[]; mayEdit: boolean }

/** Messages that wait for the run; everyone with edit rights may change or remove any of them. */
export const QueueChips = ({ sessionId, queue, mayEdit }: Props) => (
  <ul aria-label="Queued" className="max-h-32 divide-y divide-line overflow-y-auto rounded-t-lg border border-b-0 border-line-strong bg-sunken">
    {queue.map((message) => (
      <Chip key={message.id} sessionId={sessionId} message={message} mayEdit={mayEdit} />
    ))}
  </ul>
)

function Chip({ sessionId, message, mayEdit }: { sessionId: SessionId; message: QueuedMessage; mayEdit: boolean }) {
  const [draft, setDraft] = useState<string>()
  const colour = useHue(message.author.id)
  const params = { id: sessionId, itemId: message.id }
  const failed = (error: unknown) => {
    notify.error('The queue was not changed', { description: describeError(error) })
  }
  const edit = useMutation({
    mutationFn: (body: { text?: string; mode?: 'steer' }) => call(sessionCalls.editQueued, { params, body }),
    onError: failed,
  })
  const remove = useMutation({ mutationFn: () => call(sessionCalls.removeQueued, { params }), onError: failed })

  const save = () => {
    const text = draft?.trim()
    setDraft(undefined)
    if (text && text !== message.text) edit.mutate({ text })
  }
  return (
    <li className="flex min-h-8 items-center gap-2 pr-1 pl-3 text-ui text-fg-2">
      <ListEnd size={15} className="shrink-0 text-fg-3" aria-hidden />
      {draft === undefined ? (
        <button
          type="button"
          disabled={!mayEdit}
          title={mayEdit ? 'Change the text' : message.text}
          onClick={() => setDraft(message.text)}
          className="min-w-0 flex-1 truncate rounded-sm text-left enabled:hover:text-fg"
        >
          {message.text}
        </button>
      ) : (
        <input
          aria-label="Queued text"
          autoFocus
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={save}
          onKeyDown={(event) => {
            if (event.key === 'Enter') save()
            if (event.key === 'Escape') {
              event.stopPropagation()
              setDraft(undefined)
            }
          }}
          className="h-6 min-w-0 flex-1 rounded-sm border border-line-field bg-raised px-1.5 text-ui text-fg"
        />
      )}
      <span title={message.editedBy ? `${message.author.name}, changed by ${message.editedBy.name}` : message.author.name} className="inline-flex">
        <PersonMark name={message.author.name} colour={colour} size="small" />
        <span className="sr-only">{message.author.name}</span>
      </span>
      {mayEdit && (
        <>
          {message.mode === 'queue' && (
            <Button look="ghost" busy={edit.isPending} onClick={() => edit.mutate({ mode: 'steer' })}>
              Steer now
            </Button>
          )}
          <IconButton label="Remove from the queue" disabled={remove.isPending} onClick={() => remove.mutate()}>
            <X size={15} />
          </IconButton>
        </>
      )}
    </li>
  )
}
