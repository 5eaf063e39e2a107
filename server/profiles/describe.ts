import type { AgentProfile } from '#shared/profiles/schema.ts'
import type { Permission } from '#shared/approvals/schema.ts'
import type { Tool } from '../tools/define.ts'
import type { Permissions, Profile } from './define.ts'
import { decide } from '#shared/policy/decide.ts'
import { rulesOf } from './permissions.ts'

/** A tool that only looks never asks, whatever the rule. */
function permissionFor({ name, asks }: Tool, permissions: Permissions): Permission {
  const { effect: permission } = decide(rulesOf(permissions), { tool: name })
  return permission === 'ask' && asks === 'never' ? 'allow' : permission
}

/** A profile for people. What is decided per run is not guessed. */
export function describeProfile({ id, name, description, template }: Profile): AgentProfile {
  if (!template) return { id, name, description, setup: null }
  const { model, prompt, tools, permissions, maxTurns, contextWindow } = template
  return {
    id,
    name,
    description,
    setup: {
      model: model.modelId,
      prompt,
      maxTurns,
      contextWindow,
      tools: tools.map((tool) => ({
        name: tool.name,
        description: tool.description,
        risk: tool.risk,
        permission: permissionFor(tool, permissions),
      })),
    },
  }
}
