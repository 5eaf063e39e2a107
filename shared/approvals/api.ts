import { z } from 'zod'
import { ApprovalId, ProjectId, RuleId, UserId } from '../base/ids.ts'
import { EpochMs } from '../base/time.ts'
import { account, defineCall, member } from '../wire/call.ts'
import { Approval, ApprovalEdit, ApprovalStatus, Decided, Decision, PolicyRule } from './schema.ts'

const byApproval = z.object({ id: ApprovalId })

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
    summary: 'Approve or deny. 409 when already decided, or when the arguments were changed since those with `digest`.',
    access: member('approval', 'approval.decide'),
    params: byApproval,
    body: Decision,
    answer: Decided,
  }),
  editApproval: defineCall({
    name: 'editApproval',
    method: 'POST',
    path: '/api/approvals/:id/edit',
    summary: 'Change the arguments of a request that waits, without deciding it: earlier votes no longer count. 409 as for a decision.',
    access: member('approval', 'approval.decide'),
    params: byApproval,
    body: ApprovalEdit,
    answer: Approval,
  }),
  takeBackVote: defineCall({
    name: 'takeBackVote',
    method: 'POST',
    path: '/api/approvals/:id/take-back',
    summary: 'Take back your own approval, while more are needed or the call has not begun. Again: nothing changes. 409 once it has begun.',
    access: member('approval', 'approval.decide'),
    params: byApproval,
    answer: Approval,
  }),
  extendApproval: defineCall({
    name: 'extendApproval',
    method: 'POST',
    path: '/api/approvals/:id/extend',
    summary:
      'Give it ten minutes more, in its last five minutes. `expiresAt` is the end that was seen: when it was moved meanwhile, nothing changes.',
    access: member('approval', 'approval.decide'),
    params: byApproval,
    body: z.object({ expiresAt: EpochMs }),
    answer: Approval,
  }),
  askApprovalAgain: defineCall({
    name: 'askApprovalAgain',
    method: 'POST',
    path: '/api/approvals/:id/ask-again',
    summary:
      'Have a call that nobody decided in time asked for again: a run begins with that very call. While a run goes on its agent is asked with `text` instead.',
    access: member('approval', 'agent.ask'),
    params: byApproval,
    body: z.object({ text: z.string().trim().min(1).max(1000).optional() }),
    answer: Approval,
  }),
  nudgeApprover: defineCall({
    name: 'nudgeApprover',
    method: 'POST',
    path: '/api/approvals/:id/nudge',
    summary: 'Ask somebody who may decide to look at it; at most every five minutes.',
    access: member('approval', 'approval.read'),
    params: byApproval,
    body: z.object({ to: UserId }),
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
