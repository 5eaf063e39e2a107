import type { Approval, ApprovalStatus } from '#shared/approvals/schema.ts'
import type { EventOf } from '../events/port.ts'

const about = ({ id: approvalId, projectId, sessionId, runId }: Approval) => ({ projectId, sessionId, runId, approvalId })

/** It waits for people: for the first time, or again because an approval was taken back. */
export const requestedEvent = (approval: Approval): EventOf<'approval.requested'> => ({ type: 'approval.requested', ...about(approval) })

export const settledEvent = (approval: Approval, status: Exclude<ApprovalStatus, 'pending'>): EventOf<'approval.settled'> => ({
  type: 'approval.settled',
  ...about(approval),
  status,
})
