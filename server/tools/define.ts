import { z } from 'zod'
import type { AgentId, ArtifactId, ItemId, ProjectId, RunId, SessionId, StepId, UserId } from '#shared/base/ids.ts'
import type { Risk } from '#shared/policy/reason.ts'
import type { Question } from '#shared/sessions/items.ts'
import type { CallVerb } from '#shared/sessions/presentation.ts'
import type { AgentAuthor } from '../files/port.ts'
import type { CallPresentation, PresentedCall } from './presentation-parts.ts'

/**
 * What a tool is told of the call that it runs. What it works with (a sandbox, files, documents) is no part of it: that was bound
 * when its capability was made.
 */
export type ToolContext = {
  projectId: ProjectId
  sessionId: SessionId
  runId: RunId
  /** The call as the session shows it. */
  itemId: ItemId
  /** Unique to this call, the same when it is run again after a crash: the key by which others know that it is the same. */
  stepId: StepId
  agent: { id: AgentId; name: string }
  causedBy: { id: UserId; name: string }
  /** Appends to the call's output, live in the trajectory. */
  output(text: string): void
  /** Keeps bytes aside; their id is shown with the call. */
  keep(name: string, mime: string, data: Uint8Array): Promise<ArtifactId>
  signal: AbortSignal
}

/**
 * A tool's end. A failure is a result, not a throw: `code` and `message` go to the model and the people. `wait` puts the run down,
 * so that nothing is held while it waits; what comes of it becomes the result.
 */
export type ToolResult =
  | { status: 'ok'; value: unknown; artifactId?: ArtifactId }
  | { status: 'failed'; code: string; message: string; value?: unknown; artifactId?: ArtifactId }
  | { status: 'wait'; questions: z.infer<typeof Question>[] }
  /** Somebody else has control of the desktop: the call runs again once the agent has it. */
  | { status: 'wait'; for: 'control' }
  /** Until a moment, epoch ms. */
  | { status: 'wait'; for: 'timer'; until: number }
  /** Another agent of the room works on this, in the same session; what it says last is the result. */
  | { status: 'wait'; for: 'agent'; agentId: AgentId; task: string }

/** A tool as models, people and rules know it, apart from what it does. */
export type ToolFace<I extends z.ZodType = z.ZodType> = {
  name: string
  description: string
  input: I
  /** Of what it can do at most; a call is graded by its arguments, where those are understood. */
  risk: Risk
  /** Where the tool asks: whether people are asked about a call with these arguments. Always when absent. */
  asks?: 'never' | ((args: z.output<I>) => boolean)
  /** One approval holds for the rest of the run: what is asked for then, in one line for people, and how risky that is at least. */
  askedForRun?: { title: string; risk: Risk }
  /** May be run again after a crash that left its outcome unknown. */
  idempotent: boolean
  /** One line for people, from the arguments: "Run npm test". */
  title(args: z.output<I>): string
  /** What its calls do, where the interface has words for it in every language. */
  verb?: CallVerb
  /** The arguments that say what a call is about, the first one first: shown while a model still writes them. */
  saidBy?: { args: string[]; isCode?: boolean }
  /**
   * How a call is shown, from what there is of it: while it is open its arguments, as the model wrote them. Pure. Its arguments
   * and its result as they are when absent.
   */
  present?(call: PresentedCall): CallPresentation
}

/** A tool that can be run. */
export type Tool<I extends z.ZodType = z.ZodType> = ToolFace<I> & { execute(args: z.output<I>, context: ToolContext): Promise<ToolResult> }

/** A tool before it is given what it works with; one that needs nothing is a `Tool`. */
export type ToolDefinition<S, I extends z.ZodType = z.ZodType> = ToolFace<I> & {
  execute(args: z.output<I>, context: ToolContext, services: S): Promise<ToolResult>
}

/** As whom a call writes. */
export const agentAuthor = (context: Pick<ToolContext, 'agent' | 'runId' | 'causedBy'>, by: AgentAuthor['by']): AgentAuthor => ({
  kind: 'agent',
  id: context.agent.id,
  name: context.agent.name,
  runId: context.runId,
  causedBy: { id: context.causedBy.id, name: context.causedBy.name },
  by,
})

type Defined<S> = S extends void ? Tool : ToolDefinition<S>

/** A tool; one whose `execute` takes services is to be bound to them. */
export function defineTool<I extends z.ZodType, S = void>(tool: ToolDefinition<S, I>): Defined<S> {
  return tool as unknown as Defined<S>
}

/** Tools that work with these services. */
export const bindTools = <S>(services: S, ...tools: readonly ToolDefinition<NoInfer<S>>[]): Tool[] =>
  tools.map((tool) => ({ ...tool, execute: (args, context) => tool.execute(args, context, services) }))

/** The tool as a model is told of it. */
export function describeTool(tool: ToolFace) {
  return { name: tool.name, description: tool.description, parameters: z.toJSONSchema(tool.input, { io: 'input' }) as Record<string, unknown> }
}
