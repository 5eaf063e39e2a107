import type { Hono } from 'hono'
import { approvalCalls } from '#shared/approvals/api.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'
import { serve } from '../http/serve.ts'
import type { Person } from '../auth/principal.ts'
import type { By } from './port.ts'
import type { Approvals } from './service.ts'

const by = ({ userId, name, key }: Person, { role }: { role: Role }): By => ({ id: userId, name, role, ...(key && { key: key.name }) })

export function approvalRoutes(app: Hono<AppEnv>, authorize: Authorize, approvals: Approvals): void {
  serve(app, authorize, approvalCalls.listApprovals, async ({ principal, query }) => ({
    approvals: await approvals.list(principal.userId, {
      ...(query.projectId && { projectId: query.projectId }),
      ...(query.status && { status: query.status }),
    }),
  }))
  serve(app, authorize, approvalCalls.decideApproval, ({ principal, membership, params, body }) =>
    approvals.decide(params.id, by(principal, membership), body),
  )
  serve(app, authorize, approvalCalls.editApproval, ({ principal, membership, params, body }) =>
    approvals.edit(params.id, by(principal, membership), body),
  )
  serve(app, authorize, approvalCalls.takeBackVote, ({ principal, membership, params }) => approvals.takeBack(params.id, by(principal, membership)))
  serve(app, authorize, approvalCalls.extendApproval, ({ principal, membership, params, body }) =>
    approvals.extend(params.id, by(principal, membership), body.expiresAt),
  )
  serve(app, authorize, approvalCalls.askApprovalAgain, ({ principal, membership, params, body }) =>
    approvals.reRequest(params.id, by(principal, membership), body.text),
  )
  serve(app, authorize, approvalCalls.nudgeApprover, ({ principal, membership, params, body }) =>
    approvals.nudge(params.id, by(principal, membership), body.to),
  )
  serve(app, authorize, approvalCalls.listRules, async ({ membership }) => ({ rules: await approvals.listRules(membership.projectId) }))
  serve(app, authorize, approvalCalls.revokeRule, async ({ membership, params }) => {
    await approvals.revokeRule(membership.projectId, params.ruleId)
    return undefined
  })
}
