import { useMutation } from '@tanstack/react-query'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import { call } from '../../api/api.ts'

export function useCreateSession(projectId: ProjectId, onDone: (id: SessionId) => void) {
  return useMutation({
    mutationFn: (title: string | undefined) =>
      call(sessionCalls.createSession, { params: { id: projectId }, body: { id: newId<SessionId>('ses'), ...(title && { title }) } }),
    onSuccess: (session) => onDone(session.id),
  })
}
