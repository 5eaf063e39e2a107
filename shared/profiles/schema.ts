import { z } from 'zod'
import { Permission } from '../approvals/schema.ts'
import { Risk } from '../policy/reason.ts'
import { AgentId } from '../base/ids.ts'

/** Something an agent can do, and whether people are asked first. */
export const AgentTool = z.object({ name: z.string(), description: z.string(), risk: Risk, permission: Permission })
export type AgentTool = z.infer<typeof AgentTool>

/** An agent as everybody in the workspace may see it. `setup` is null where it is decided for each run anew. */
export const AgentProfile = z.object({
  id: AgentId,
  name: z.string(),
  /** One line for people. */
  description: z.string(),
  setup: z
    .object({
      /** The model's own name, without the service's. */
      model: z.string(),
      /** Null where it is written for each run. */
      prompt: z.string().nullable(),
      tools: z.array(AgentTool),
      /** Model calls in one run. */
      maxTurns: z.number().int(),
      /** Tokens. */
      contextWindow: z.number().int(),
    })
    .nullable(),
})
export type AgentProfile = z.infer<typeof AgentProfile>
