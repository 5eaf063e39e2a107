import type { Permission } from '#shared/approvals/schema.ts'
import type { Permissions } from './define.ts'

const careful: Record<Permission, number> = { allow: 0, ask: 1, deny: 2 }

/**
 * What a tool may do: its own rule before `*`; a tool that no rule names asks. With several sets of rules the most
 * careful answer wins, so a project can tighten a profile and never loosen it.
 */
export function permissionOf(tool: string, permissions: Permissions, policy?: Permissions): Permission {
  const own = ruleFor(tool, permissions) ?? 'ask'
  const added = policy && ruleFor(tool, policy)
  return added && careful[added] > careful[own] ? added : own
}

const ruleFor = (tool: string, rules: Permissions) => (Object.hasOwn(rules, tool) ? rules[tool] : rules['*'])
