import type { Rule } from '#shared/policy/decide.ts'
import type { Permissions } from './define.ts'

/** What an agent's author allows, as rules. */
export const rulesOf = (permissions: Permissions): Rule[] => Object.entries(permissions).map(([tool, effect]) => ({ layer: 'agent', tool, effect }))
