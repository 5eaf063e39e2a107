import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { useCall } from '../../api/use-call.ts'
import { notify } from '../../ui/notify.ts'
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
  const failed = t('notChanged')
  const { mutate: update } = useCall(sessionCalls.updateSession, {
    invalidates: [sessionCalls.listPins, sessionCalls.listSessions, sessionCalls.getSession],
    failed,
  })
  const pins = { invalidates: [pinsOf(projectId).queryKey], failed }
  const { mutate: pin } = useCall(sessionCalls.pinSession, pins)
  const { mutate: unpin } = useCall(sessionCalls.unpinSession, pins)
  const unarchive = (id: SessionId) => update({ params: { id }, body: { archived: false } })
  return {
    setPinned: (id: SessionId, pinned: boolean) => (pinned ? pin : unpin)({ params: { id } }),
    unarchive,
    archive: ({ id, title }: Named) =>
      update(
        { params: { id }, body: { archived: true } },
        {
          onSuccess: () =>
            notify(t('archivedNow'), {
              id: `archived ${id}`,
              description: title,
              action: { label: t('undo'), onClick: () => unarchive(id) },
            }),
        },
      ),
  }
}
