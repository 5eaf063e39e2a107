import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useCallback } from 'react'
import type { Approval } from '#shared/approvals/schema.ts'
import type { SessionId } from '#shared/base/ids.ts'
import { useMe } from '../base/me.ts'
import { withStrings } from '../i18n/translate.ts'
import { usePendingApprovals, useWaitingForMe } from '../projects/use-projects.ts'

// Nothing of it is seen, so that it may come later.
const ApprovalAnnouncer = lazy(async () => ({
  default: (await withStrings(import('../approvals/approval-announcer.tsx'), 'approvals')).ApprovalAnnouncer,
}))

/** On every page, says what newly waits for this person; the session that is open speaks for itself. */
export function WaitingAnnouncer({ sessionId }: { sessionId: SessionId | undefined }) {
  const waiting = useWaitingForMe()
  const known = usePendingApprovals().data !== undefined
  const navigate = useNavigate()
  const review = useCallback(
    (approval: Approval) =>
      void navigate({ to: '/p/$projectId/s/$sessionId', params: { projectId: approval.projectId, sessionId: approval.sessionId } }),
    [navigate],
  )
  const me = useMe().id
  return (
    <Suspense>
      <ApprovalAnnouncer waiting={known ? waiting : undefined} sessionId={sessionId} me={me} onReview={review} />
    </Suspense>
  )
}
