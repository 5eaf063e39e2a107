import { z } from 'zod'
import { AgentId } from '#shared/base/ids.ts'
import type { MakeProfiles } from '../profiles/built-in.ts'
import { defineTool } from '../tools/define.ts'
import { defineProfile } from '../profiles/define.ts'
import { twoAgents } from './two-agents.ts'

const delegate = defineTool({
  name: 'delegate',
  description: 'Has another agent do something.',
  input: z.object({ agent: AgentId, task: z.string() }),
  risk: 'low',
  idempotent: false,
  title: ({ agent }) => `Ask ${agent}`,
  execute: async ({ agent, task }) => ({ status: 'wait', for: 'agent', agentId: agent, task }),
})

const rest = defineTool({
  name: 'rest',
  description: 'Waits.',
  input: z.object({ ms: z.number() }),
  risk: 'low',
  idempotent: true,
  title: ({ ms }) => `Rest ${ms} ms`,
  execute: async ({ ms }) => ({ status: 'wait', for: 'timer', until: Date.now() + ms }),
})

/** Lead, who has others work and rests, before Builder and Scout. */
export const delegatingAgents: MakeProfiles = (made) => [
  defineProfile({
    id: 'lead',
    name: 'Lead',
    agent: { model: made.model, prompt: 'You are Lead.' },
    capabilities: [{ name: 'delegation', tools: [delegate, rest] }],
    permissions: { '*': 'allow' },
  }),
  ...twoAgents(made),
]
