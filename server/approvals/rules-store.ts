import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Permission, PolicyRule, Vote } from '#shared/approvals/schema.ts'
import type { ProjectId, RuleId } from '#shared/base/ids.ts'
import type { Rule } from '#shared/policy/decide.ts'
import { nameOf } from '../auth/queries.ts'
import type { Db } from '../db/port.ts'
import { policyRules } from './table.ts'

/** The project's own rules for a tool, made by people and not revoked. */
export async function rulesFor(db: Db, projectId: ProjectId, tool: string): Promise<Rule[]> {
  const rules = await db
    .selectDistinct({ tool: policyRules.tool, effect: policyRules.permission, maxRisk: policyRules.maxRisk })
    .from(policyRules)
    .where(and(eq(policyRules.projectId, projectId), inArray(policyRules.tool, [tool, '*']), isNull(policyRules.revokedAt)))
  return rules.map(({ maxRisk, ...rule }) => ({ layer: 'project', ...rule, ...(maxRisk && { maxRisk }) }))
}

/** What a project's people allow or ask about, by tool: of two rules the stricter. */
export async function permissionsOf(db: Db, projectId: ProjectId): Promise<Record<string, Permission>> {
  const rules = await listRules(db, projectId)
  const strictest = (tool: string) => strictnessOrder.find((effect) => rules.some((rule) => rule.tool === tool && rule.permission === effect))
  return Object.fromEntries(rules.map(({ tool, permission }) => [tool, strictest(tool) ?? permission]))
}

const strictnessOrder: readonly Permission[] = ['deny', 'ask', 'allow']

export async function addRule(tx: Db, rule: typeof policyRules.$inferInsert): Promise<void> {
  await tx.insert(policyRules).values(rule)
}

/** The rules of a project that hold, one for a tool and the risk up to which it is allowed, newest first. */
export async function listRules(db: Db, projectId: ProjectId): Promise<PolicyRule[]> {
  const { id, tool, permission, maxRisk, createdAt } = policyRules
  const rules = await db
    .select({ id, tool, permission, maxRisk, createdAt, createdBy: { id: policyRules.createdBy, name: nameOf(policyRules.createdBy) } })
    .from(policyRules)
    .where(and(eq(policyRules.projectId, projectId), isNull(policyRules.revokedAt)))
    .orderBy(desc(createdAt), desc(id))
    .limit(500)
  return rules
    .filter((rule, at) => rules.findIndex((other) => other.tool === rule.tool && other.maxRisk === rule.maxRisk) === at)
    .map(({ maxRisk, ...rule }) => ({ ...rule, ...(maxRisk && { maxRisk }) }))
}

/** With its older twins: a tool that was allowed twice asks again after one revocation. False when there is no such rule. */
export async function revokeRule(db: Db, projectId: ProjectId, id: RuleId, at: number): Promise<boolean> {
  const [rule] = await db
    .select({ tool: policyRules.tool, maxRisk: policyRules.maxRisk, revokedAt: policyRules.revokedAt })
    .from(policyRules)
    .where(and(eq(policyRules.projectId, projectId), eq(policyRules.id, id)))
  if (!rule) return false
  if (rule.revokedAt !== null) return true
  const twins = and(eq(policyRules.tool, rule.tool), sql`${policyRules.maxRisk} is not distinct from ${rule.maxRisk}`)
  await db
    .update(policyRules)
    .set({ revokedAt: at })
    .where(and(eq(policyRules.projectId, projectId), twins, isNull(policyRules.revokedAt)))
  return true
}

/** The rule that was made with a vote goes with it. */
export async function revokeRuleOfVote(tx: Db, projectId: ProjectId, tool: string, vote: Vote, at: number): Promise<void> {
  const { createdBy, createdAt, revokedAt } = policyRules
  await tx
    .update(policyRules)
    .set({ revokedAt: at })
    .where(and(eq(policyRules.projectId, projectId), eq(policyRules.tool, tool), eq(createdBy, vote.by), eq(createdAt, vote.at), isNull(revokedAt)))
}
