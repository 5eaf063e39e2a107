import { AppError } from '#shared/base/errors.ts'
import { AgentId } from '#shared/base/ids.ts'
import type { ProjectId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import type { Permission } from '#shared/approvals/schema.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { ModelMessage, ModelRequest } from '../models/port.ts'
import type { Tool } from '../tools/define.ts'

/** For whom, and where, an agent is being made. Built by whoever runs it; a profile only reads it. */
export type ProfileContext = {
  /** The workspace. */
  tenantId: string
  /** Who caused the run. */
  userId: UserId
  sessionId: SessionId
  sessionRef: { projectId: ProjectId; sessionId: SessionId; runId?: RunId }
  /** Reads the session's finished items, oldest first. */
  sessionStore: { items(options?: { limit?: number }): Promise<Item[]> }
  /** The first run of the chain that this one belongs to, when its agent was called by another. */
  chainId?: string
  /**
   * What the project's people allow, by tool. For the profile to know, as in a prompt: whether a call runs is decided for each call
   * anew, and there a project's rule replaces what the profile says, but for a `deny`.
   */
  permissionPolicy?: Permissions
}

/** By a tool's name; `*` stands for the tools not named. */
export type Permissions = Readonly<Record<string, Permission>>

/** Text added to the conversation before a model call: the state of the plan, what people are looking at. */
export type ContextProvider = {
  name: string
  provide(context: ProfileContext): Promise<ModelMessage[]>
}

/** Changes a request just before it is sent. Pure. */
export type RequestTransform = (request: ModelRequest, context: ProfileContext) => ModelRequest | Promise<ModelRequest>

/** Something an agent can do: its tools, what it adds to the context, how it changes requests. */
export type Capability = {
  name: string
  tools?: readonly Tool[]
  context?: readonly ContextProvider[]
  transforms?: readonly RequestTransform[]
}

/** `provider` names the service (`openai`: any OpenAI-compatible one), `modelId` the model there. */
export type ModelRef = { provider: string; modelId: string }

/** An agent, ready to run: everything a profile decided for one request. */
export type Agent = {
  id: AgentId
  name: string
  model: ModelRef
  system: string
  /** Model calls in one run. */
  maxTurns: number
  /** Tokens. */
  contextWindow: number
  tools: readonly Tool[]
  context: readonly ContextProvider[]
  transforms: readonly RequestTransform[]
  permissions: Permissions
}

/** What an agent is, apart from how the service runs it. */
export type Profile = {
  id: AgentId
  name: string
  /** One line for people. */
  description: string
  /** Changes with whatever a run that goes on would notice. */
  version: string
  /** What is the same for every run; absent when all of it is decided per run. A prompt made from the context is null. */
  template?: Omit<Agent, 'system' | 'context' | 'transforms'> & { prompt: string | null }
  agentFor(context: ProfileContext): Promise<Agent>
}

export const defaultContextWindow = 200_000
export const defaultMaxTurns = 50

type Prompt = string | ((context: ProfileContext) => string | Promise<string>)

/** The plain form: data, with a prompt that may be made from the context. */
export type ProfileData = {
  id: string
  name: string
  description?: string
  version?: string
  /** `model` is `provider:modelId`. */
  agent: { model: string; prompt: Prompt; maxTurns?: number; contextWindow?: number }
  capabilities?: readonly Capability[]
  permissions?: Permissions
}

/** The form decided per request. */
export type ProfileFactory = {
  id: string
  name: string
  description?: string
  version?: string
  createAgent(context: ProfileContext): Agent | Promise<Agent>
}

/** @throws AppError `invalid_input` when the data cannot be a profile. */
export function defineProfile(profile: ProfileData | ProfileFactory): Profile {
  const base = { id: parseAgentId(profile.id), name: profile.name, description: profile.description ?? '', version: profile.version ?? '1' }
  if ('createAgent' in profile) return { ...base, agentFor: async (context) => profile.createAgent(context) }
  const { agent, capabilities = [], permissions = {} } = profile
  const model = parseModelRef(agent.model)
  // Made once here, so that a mistake in the profile shows at start and not in a run.
  const template = defineAgent({ ...base, model, system: '', capabilities, permissions, ...limits(agent) })
  return {
    ...base,
    template: { ...template, prompt: typeof agent.prompt === 'string' ? agent.prompt : null },
    async agentFor(context) {
      const system = typeof agent.prompt === 'function' ? await agent.prompt(context) : agent.prompt
      return { ...template, system }
    },
  }
}

const limits = (agent: { maxTurns?: number; contextWindow?: number }) => ({
  ...(agent.maxTurns !== undefined && { maxTurns: agent.maxTurns }),
  ...(agent.contextWindow !== undefined && { contextWindow: agent.contextWindow }),
})

/**
 * One agent out of its parts; what a `createAgent(context)` returns.
 * @throws AppError `invalid_input` when two capabilities bring the same tool, or a limit makes no sense.
 */
export function defineAgent(agent: {
  id: string
  name?: string
  model: ModelRef
  system: string
  maxTurns?: number
  contextWindow?: number
  capabilities?: readonly Capability[]
  permissions?: Permissions
}): Agent {
  const capabilities = agent.capabilities ?? []
  const tools = capabilities.flatMap((capability) => capability.tools ?? [])
  const twice = tools.find((tool, at) => tools.findIndex((other) => other.name === tool.name) !== at)
  if (twice) throw new AppError('invalid_input', `profile ${agent.id}: two capabilities bring the tool ${twice.name}`)
  const maxTurns = agent.maxTurns ?? defaultMaxTurns
  const contextWindow = agent.contextWindow ?? defaultContextWindow
  if (!(Number.isInteger(maxTurns) && maxTurns > 0)) throw new AppError('invalid_input', `profile ${agent.id}: maxTurns must be 1 or more`)
  if (!(contextWindow > 0)) throw new AppError('invalid_input', `profile ${agent.id}: contextWindow must be more than 0 tokens`)
  return {
    id: parseAgentId(agent.id),
    name: agent.name ?? agent.id,
    model: agent.model,
    system: agent.system,
    maxTurns,
    contextWindow,
    tools,
    context: capabilities.flatMap((capability) => capability.context ?? []),
    transforms: capabilities.flatMap((capability) => capability.transforms ?? []),
    permissions: agent.permissions ?? {},
  }
}

function parseAgentId(id: string): AgentId {
  const parsed = AgentId.safeParse(id)
  if (!parsed.success) throw new AppError('invalid_input', `a profile's id is a lower-case slug, not ${JSON.stringify(id)}`)
  return parsed.data
}

/** `openai:gpt-4o`; the model's own name may hold colons. */
export function parseModelRef(text: string): ModelRef {
  const at = text.indexOf(':')
  if (at < 1 || at === text.length - 1) throw new AppError('invalid_input', `a model is named provider:model, not ${JSON.stringify(text)}`)
  return { provider: text.slice(0, at), modelId: text.slice(at + 1) }
}

/** How full the context is: 0 to 100, with one decimal. */
export function budgetUsedPct(contextTokens: number, contextWindow: number): number {
  return Math.min(100, Math.round((contextTokens / contextWindow) * 1000) / 10)
}
