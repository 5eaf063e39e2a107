import type { SessionId } from '#shared/base/ids.ts'
import { ApprovalAnnouncer } from '../approvals/approval-announcer.tsx'
import { usePendingApprovals, useWaitingForMe } from '../projects/use-projects.ts'

/** On every page, says what newly waits for this person; the session that is open speaks for itself. */
export function WaitingAnnouncer({ sessionId }: { sessionId: SessionId | undefined }) {
  const waiting = useWaitingForMe()
  const known = usePendingApprovals().data !== undefined
  return <ApprovalAnnouncer waiting={known ? waiting : undefined} sessionId={sessionId} />
}
