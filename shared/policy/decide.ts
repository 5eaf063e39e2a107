import type { Permission } from '../approvals/schema.ts'
import { isHigher, type Risk } from './reason.ts'

/** Who made a rule: an admin for the whole workspace, an owner for a project, whoever wrote the agent. */
export type PolicyLayer = 'workspace' | 'project' | 'agent'

export type Rule = {
  layer: PolicyLayer
  /** The name of a tool, or `*` for every tool. */
  tool: string
  effect: Permission
  /** The rule says nothing about calls of a higher risk; without it, it is about all. */
  maxRisk?: Risk | undefined
  /** Of an `ask` of the workspace: a project's rule may replace it. */
  projectsMayAllow?: boolean
}

/** What is known of a call. Without a risk every rule for its tool counts. */
export type PolicyRequest = { tool: string; risk?: Risk | undefined }

/** `rule` is the one that won; undefined when no rule is about the call. */
export type PolicyAnswer = { effect: Permission; rule: Rule | undefined }

const strictness: Record<Permission, number> = { allow: 0, ask: 1, deny: 2 }

/**
 * Whether a call runs, is refused, or waits for people. The only place where that is decided; it reads nothing but its arguments.
 * - Within a layer a rule for the tool comes before one for all tools; of two alike the stricter holds.
 * - Any layer's `deny` stands. The workspace's `ask` stands unless it lets projects allow.
 * - Otherwise the project's rule holds, then the agent's, then the workspace's. What no rule is about asks.
 */
export function decide(rules: readonly Rule[], request: PolicyRequest): PolicyAnswer {
  const of = (layer: PolicyLayer) => strongest(rules.filter((rule) => rule.layer === layer && isAbout(rule, request)))
  const [workspace, project, agent] = [of('workspace'), of('project'), of('agent')]
  const stands =
    [workspace, project, agent].find((rule) => rule?.effect === 'deny') ??
    (workspace?.effect === 'ask' && !workspace.projectsMayAllow ? workspace : undefined)
  const rule = stands ?? project ?? agent ?? workspace
  return { effect: rule?.effect ?? 'ask', rule }
}

const isAbout = ({ tool, maxRisk }: Rule, request: PolicyRequest): boolean =>
  (tool === request.tool || tool === '*') && (!maxRisk || !request.risk || !isHigher(request.risk, maxRisk))

function strongest(rules: readonly Rule[]): Rule | undefined {
  const named = rules.filter(({ tool }) => tool !== '*')
  return (named.length > 0 ? named : rules).toSorted((a, b) => strictness[b.effect] - strictness[a.effect])[0]
}
