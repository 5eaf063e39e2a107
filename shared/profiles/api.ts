import { z } from 'zod'
import { account, defineCall } from '../wire/call.ts'
import { AgentProfile } from './schema.ts'

export const profileCalls = {
  listAgents: defineCall({
    name: 'listAgents',
    method: 'GET',
    path: '/api/agents',
    summary: 'The agents of the workspace: model, prompt, tools and what they may do. The default one is first.',
    access: account,
    answer: z.object({ agents: z.array(AgentProfile) }),
  }),
}
