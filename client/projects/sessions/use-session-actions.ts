import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { call } from '../../api/api.ts'
import { notify } from '../../ui/notify.ts'
import { describeError } from '../../api/describe-error.ts'
import { queryOf } from '../../api/query.ts'

const pinsOf = (projectId: ProjectId) => queryOf(sessionCalls.listPins, { params: { id: projectId } })

/** What this person pinned in a project, the first pinned first. It follows the person, so it is asked for again now and then. */
export const usePins = (projectId: ProjectId): readonly SessionSummary[] =>
  useQuery({ ...pinsOf(projectId), refetchInterval: 60_000 }).data?.sessions ?? none
const none: readonly SessionSummary[] = []

type Named = Pick<SessionSummary, 'id' | 'title'>

/** Putting a session away for everybody, and pinning it for oneself. */
export function useSessionActions(projectId: ProjectId) {
  const { t } = useTranslation('room')
  const client = useQueryClient()
  const failed = (error: unknown) => notify.error(t('notChanged'), { description: describeError(error) })
  const renew = () =>
    Promise.all(
      [sessionCalls.listPins, sessionCalls.listSessions, sessionCalls.getSession].map(({ name }) => client.invalidateQueries({ queryKey: [name] })),
    )

  const { mutate: setArchived } = useMutation({
    mutationFn: ({ id, archived }: { id: SessionId; archived: boolean }) => call(sessionCalls.updateSession, { params: { id }, body: { archived } }),
    onSuccess: renew,
    onError: failed,
  })
  const { mutate: setPinned } = useMutation({
    mutationFn: ({ id, pinned }: { id: SessionId; pinned: boolean }) =>
      call(pinned ? sessionCalls.pinSession : sessionCalls.unpinSession, { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: pinsOf(projectId).queryKey }),
    onError: failed,
  })
  return {
    setPinned: (id: SessionId, pinned: boolean) => setPinned({ id, pinned }),
    unarchive: (id: SessionId) => setArchived({ id, archived: false }),
    archive: ({ id, title }: Named) =>
      setArchived(
        { id, archived: true },
        {
          onSuccess: () =>
            notify(t('archivedNow'), {
              id: `archived ${id}`,
              description: title,
              action: { label: t('undo'), onClick: () => setArchived({ id, archived: false }) },
            }),
        },
      ),
  }
}
