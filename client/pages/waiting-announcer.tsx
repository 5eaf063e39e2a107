import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { Approval } from '#shared/approvals/schema.ts'
import type { SessionId } from '#shared/base/ids.ts'
import { ApprovalAnnouncer } from '../approvals/approval-announcer.tsx'
import { useMe } from '../api/me.ts'
import { usePendingApprovals, useWaitingForMe } from '../projects/use-projects.ts'

/** On every page, says what newly waits for this person; the session that is open speaks for itself. */
export default function WaitingAnnouncer({ sessionId }: { sessionId: SessionId | undefined }) {
  const waiting = useWaitingForMe()
  const known = usePendingApprovals().data !== undefined
  const navigate = useNavigate()
  const review = useCallback(
    (approval: Approval) =>
      void navigate({ to: '/p/$projectId/s/$sessionId', params: { projectId: approval.projectId, sessionId: approval.sessionId } }),
    [navigate],
  )
  const me = useMe().id
  return <ApprovalAnnouncer waiting={known ? waiting : undefined} sessionId={sessionId} me={me} onReview={review} />
}
