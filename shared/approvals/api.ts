import { z } from 'zod'
import { ApprovalId, ProjectId, RuleId } from '../base/ids.ts'
import { account, defineCall, member } from '../wire/call.ts'
import { Approval, ApprovalStatus, Decision, PolicyRule } from './schema.ts'

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
  listRules: defineCall({
    name: 'listRules',
    method: 'GET',
    path: '/api/projects/:id/rules',
    summary: 'Rules that people made with "always", newest first.',
    access: member('project', 'approval.read'),
    params: z.object({ id: ProjectId }),
    answer: z.object({ rules: z.array(PolicyRule) }),
  }),
  revokeRule: defineCall({
    name: 'revokeRule',
    method: 'DELETE',
    path: '/api/projects/:id/rules/:ruleId',
    summary: 'Revoke a rule; the tool asks again from the next call on.',
    access: member('project', 'policy.manage'),
    params: z.object({ id: ProjectId, ruleId: RuleId }),
    answer: 'empty',
  }),
}
