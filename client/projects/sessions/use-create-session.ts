import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import { useCall } from '../../api/use-call.ts'
import { useTranslation } from '../../i18n/use-translation.ts'

/** Begins a session, at the press of a button. */
export function useCreateSession(projectId: ProjectId, onDone: (id: SessionId) => void) {
  const { t } = useTranslation('room')
  const { mutate, isPending } = useCall(sessionCalls.createSession, { failed: t('notCreated'), onSuccess: ({ id }) => onDone(id) })
  const create = (title?: string) => mutate({ params: { id: projectId }, body: { id: newId<SessionId>('ses'), ...(title && { title }) } })
  return { create, isPending }
}
