import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { ApprovalId, RuleId, RunId, StepId, UserId } from '#shared/base/ids.ts'
import type { Approval, ApprovalStatus, Permission } from '#shared/approvals/schema.ts'
import type { Risk } from '#shared/policy/reason.ts'
import { users } from '../auth/table.ts'
import { epochMs } from '../db/columns.ts'
import { projectRef } from '../projects/table.ts'
import { sessionRef } from '../sessions/table.ts'

/** `data` is the approval without its votes and status; `version` grows when the arguments are edited. */
export const approvals = pgTable(
  'approvals',
  {
    id: text('id').$type<ApprovalId>().primaryKey(),
    projectId: projectRef(),
    sessionId: sessionRef(),
    runId: text('run_id').$type<RunId>().notNull(),
    stepId: text('step_id').$type<StepId>().notNull().unique(),
    status: text('status').$type<ApprovalStatus>().notNull(),
    version: integer('version').notNull().default(0),
    data: jsonb('data').$type<Omit<Approval, 'status' | 'votes' | 'decidedAt'>>().notNull(),
    createdAt: epochMs('created_at').notNull(),
    decidedAt: epochMs('decided_at'),
  },
  (table) => [
    index('approvals_project').on(table.projectId, table.status),
    index('approvals_run').on(table.runId),
    index('approvals_pending')
      .on(table.createdAt)
      .where(sql`${table.status} = 'pending'`),
  ],
)

/** One vote a person; a changed mind replaces it while the approval is pending. */
export const approvalVotes = pgTable(
  'approval_votes',
  {
    approvalId: text('approval_id')
      .$type<ApprovalId>()
      .notNull()
      .references(() => approvals.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    /** The approval's version that was seen; votes for an older one do not count. */
    version: integer('version').notNull(),
    decision: text('decision').$type<'approve' | 'deny'>().notNull(),
    reason: text('reason'),
    /** The name of the key that gave it. */
    keyName: text('key_name'),
    at: epochMs('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.approvalId, table.userId] })],
)

/** Rules people made ("always"): for one tool in one project. Revoked, never deleted. */
export const policyRules = pgTable(
  'policy_rules',
  {
    id: text('id').$type<RuleId>().primaryKey(),
    projectId: projectRef(),
    tool: text('tool').notNull(),
    permission: text('permission').$type<Permission>().notNull(),
    /** Calls of a higher risk still ask. Null in rules that were made before calls were graded: they cover all. */
    maxRisk: text('max_risk').$type<Risk>(),
    createdBy: text('created_by')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    createdAt: epochMs('created_at').notNull(),
    revokedAt: epochMs('revoked_at'),
  },
  (table) => [index('policy_rules_project').on(table.projectId)],
)
