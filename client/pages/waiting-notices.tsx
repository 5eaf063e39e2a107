import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo } from 'react'
import type { SessionId } from '#shared/base/ids.ts'
import { useMe } from '../api/me.ts'
import Notices from '../notices/notices.tsx'
import type { Notice } from '../notices/transition.ts'
import { useAgentNames } from '../projects/use-overview.ts'
import { tellOfLongPastes } from './long-pastes.ts'
import { usePendingApprovals, useProjects, useWaitingForMe } from '../projects/use-projects.ts'

/** On every page, counts and tells what concerns this person: requests, mentions, what became of their runs, and what was not pasted. */
export default function WaitingNotices({ sessionId }: { sessionId: SessionId | undefined }) {
  useEffect(tellOfLongPastes, [])
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
  return <Notices me={useMe().id} requests={known ? requests : undefined} sessionId={sessionId} agentName={agentName} onOpen={open} />
}
