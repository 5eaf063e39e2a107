import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useMemo } from 'react'
import type { SessionId } from '#shared/base/ids.ts'
import { useMe } from '../base/me.ts'
import { withStrings } from '../i18n/translate.ts'
import type { Notice } from '../notices/transition.ts'
import { useAgentNames } from '../projects/use-overview.ts'
import { usePendingApprovals, useProjects, useWaitingForMe } from '../projects/use-projects.ts'

// Nothing of it is on the page, so that it may come later.
const Notices = lazy(() => withStrings(import('../notices/notices.tsx'), 'notices'))

/** On every page, counts and tells what concerns this person: requests, mentions, and what became of their runs. */
export function WaitingNotices({ sessionId }: { sessionId: SessionId | undefined }) {
  const waiting = useWaitingForMe()
  const projects = useProjects().data?.projects
  const known = usePendingApprovals().data !== undefined && projects !== undefined
  const agentName = useAgentNames()
  const navigate = useNavigate()
  const open = useCallback(
    ({ projectId, sessionId: id }: Notice) => void navigate({ to: '/p/$projectId/s/$sessionId', params: { projectId, sessionId: id } }),
    [navigate],
  )
  const requests = useMemo(
    () =>
      waiting.map((approval) => ({
        kind: 'request' as const,
        id: approval.id,
        projectId: approval.projectId,
        project: projects?.find(({ id }) => id === approval.projectId)?.name ?? '',
        sessionId: approval.sessionId,
        session: '',
        at: approval.createdAt,
        text: approval.title,
      })),
    [waiting, projects],
  )
  return (
    <Suspense>
      <Notices me={useMe().id} requests={known ? requests : undefined} sessionId={sessionId} agentName={agentName} onOpen={open} />
    </Suspense>
  )
}
