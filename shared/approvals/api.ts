import { z } from 'zod'
import { ApprovalId, ProjectId } from '../base/ids.ts'
import { account, defineCall, member } from '../wire/call.ts'
import { Approval, ApprovalStatus, Decision } from './schema.ts'

export const approvalCalls = {
  listApprovals: defineCall({
    name: 'listApprovals',
    method: 'GET',
    path: '/api/approvals',
    summary: 'Approvals of one project, or of all your projects; newest first.',
    access: account,
    query: z.object({ projectId: ProjectId.optional(), status: ApprovalStatus.optional() }),
    answer: z.object({ approvals: z.array(Approval) }),
  }),
  decideApproval: defineCall({
    name: 'decideApproval',
    method: 'POST',
    path: '/api/approvals/:id/decision',
    summary: 'Approve or deny. 409 when already decided.',
    access: member('approval', 'approval.decide'),
    params: z.object({ id: ApprovalId }),
    body: Decision,
    answer: Approval,
  }),
}
