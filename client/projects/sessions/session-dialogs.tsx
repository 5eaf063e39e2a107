import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import { SessionTitle, type SessionSummary } from '#shared/sessions/schema.ts'
import { useCall } from '../../api/use-call.ts'
import { describeError } from '../../api/describe-error.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'

type Props = {
  which: 'rename' | 'delete'
  session: Pick<SessionSummary, 'id' | 'title'>
  /** Where one goes when the open session was deleted; undefined for another one. */
  leavesTo: ProjectId | undefined
  onClose(): void
}

/** What is asked before a session is renamed or deleted. */
export default function SessionDialogs({ which, session, leavesTo, onClose }: Props) {
  const { t } = useTranslation('room')
  const onOpenChange = (open: boolean) => !open && onClose()
  return which === 'rename' ? (
    <Dialog open onOpenChange={onOpenChange} title={t('renameTitle')}>
      <Rename session={session} onDone={onClose} />
    </Dialog>
  ) : (
    <Dialog open onOpenChange={onOpenChange} title={t('deleteTitle', { title: session.title })} description={t('deleteWhat')}>
      <Remove session={session} leavesTo={leavesTo} onDone={onClose} />
    </Dialog>
  )
}

function Rename({ session, onDone }: Pick<Props, 'session'> & { onDone(): void }) {
  const { t } = useTranslation('room')
  const { t: common } = useTranslation()
  const [title, setTitle] = useState(session.title)
  const rename = useCall(sessionCalls.updateSession, { onSuccess: onDone })
  const parsed = SessionTitle.safeParse(title)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (parsed.success) rename.mutate({ params: { id: session.id }, body: { title: parsed.data } })
      }}
    >
      <TextField
        label={t('title')}
        autoFocus
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        error={rename.error ? describeError(rename.error) : undefined}
      />
      <div className="mt-5 flex justify-end gap-2">
        <Button look="ghost" onClick={onDone}>
          {common('cancel')}
        </Button>
        <Button type="submit" look="primary" disabled={!parsed.success} busy={rename.isPending}>
          {t('rename')}
        </Button>
      </div>
    </form>
  )
}

function Remove({ session, leavesTo, onDone }: Pick<Props, 'session' | 'leavesTo'> & { onDone(): void }) {
  const { t } = useTranslation('room')
  const { t: common } = useTranslation()
  const navigate = useNavigate()
  const remove = useCall(sessionCalls.deleteSession, {
    failed: t('notDeleted'),
    onSuccess: async () => {
      onDone()
      if (leavesTo) await navigate({ to: '/p/$projectId', params: { projectId: leavesTo } })
    },
  })
  return (
    <div className="flex justify-end gap-2">
      <Button look="ghost" onClick={onDone}>
        {common('cancel')}
      </Button>
      <Button look="destructive" busy={remove.isPending} onClick={() => remove.mutate({ params: { id: session.id } })}>
        {t('delete')}
      </Button>
    </div>
  )
}
