import type { Hono } from 'hono'
import { approvalCalls } from '#shared/approvals/api.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'
import { serve } from '../http/serve.ts'
import type { Approvals } from './service.ts'

export function approvalRoutes(app: Hono<AppEnv>, authorize: Authorize, approvals: Approvals): void {
  serve(app, authorize, approvalCalls.listApprovals, async ({ principal, query }) => ({
    approvals: await approvals.list(principal.userId, {
      ...(query.projectId && { projectId: query.projectId }),
      ...(query.status && { status: query.status }),
    }),
  }))
  serve(app, authorize, approvalCalls.decideApproval, ({ principal, membership, params, body }) =>
    approvals.decide(params.id, { id: principal.userId, name: principal.name, role: membership.role }, body),
  )
  serve(app, authorize, approvalCalls.listRules, async ({ membership }) => ({ rules: await approvals.listRules(membership.projectId) }))
  serve(app, authorize, approvalCalls.revokeRule, async ({ membership, params }) => {
    await approvals.revokeRule(membership.projectId, params.ruleId)
    return undefined
  })
}
