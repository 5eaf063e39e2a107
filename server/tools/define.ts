import { z } from 'zod'
import type { AgentId, ArtifactId, ProjectId, RunId, SessionId, TerminalId, UserId } from '#shared/base/ids.ts'
import type { Risk } from '#shared/policy/reason.ts'
import type { Cell } from '#shared/python/schema.ts'
import type { Terminal } from '#shared/terminals/schema.ts'
import type { Question } from '#shared/sessions/items.ts'
import type { AgentDesktop } from '../desktop/port.ts'
import type { AgentAuthor, Files } from '../files/port.ts'
import type { Documents } from '../sync/port.ts'
import type { Sandbox } from '../sandboxes/port.ts'

/** What a tool may use while it runs. I/O is injected, so a tool is tested with fakes of these alone. */
export type ToolContext = {
  projectId: ProjectId
  sessionId: SessionId
  runId: RunId
  agent: { id: AgentId; name: string }
  causedBy: { id: UserId; name: string }
  /** Unique to this call, the same when it is run again after a crash. */
  idempotencyKey: string
  /** Starts the sandbox on first use. */
  sandbox(): Promise<Sandbox>
  documents: Documents
  /** As people and agents edit them together: where a file is open, its document. */
  files: Files
  desktop: AgentDesktop
  /** Runs Python as a cell of the room, under the agent's name; what it prints is this call's output. */
  python(code: string): Promise<Cell>
  /** Ports that programs in the sandbox listen on. */
  ports(): Promise<number[]>
  /** The terminals of the room; what is typed is typed by the agent. */
  terminals: {
    list(): Promise<Terminal[]>
    open(title?: string): Promise<Terminal>
    type(id: TerminalId, text: string): Promise<void>
    read(id: TerminalId, lines: number): Promise<{ text: string }>
  }
  /** Appends to the call's output, live in the trajectory. */
  output(text: string): void
  /** Keeps bytes aside; their id is shown with the call. */
  keep(name: string, mime: string, data: Uint8Array): Promise<ArtifactId>
  signal: AbortSignal
}

/**
 * A tool's end. A failure is a result, not a throw: `code` and `message` go to the model and the people. `wait` makes the
 * run wait for people: their answer becomes the result.
 */
export type ToolResult =
  | { status: 'ok'; value: unknown; artifactId?: ArtifactId }
  | { status: 'failed'; code: string; message: string; value?: unknown; artifactId?: ArtifactId }
  | { status: 'wait'; questions: z.infer<typeof Question>[] }
  /** Somebody else has control of the desktop: the call runs again once the agent has it. */
  | { status: 'wait'; for: 'control' }

export type Tool<I extends z.ZodType = z.ZodType> = {
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
  execute(args: z.output<I>, context: ToolContext): Promise<ToolResult>
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

export function defineTool<I extends z.ZodType>(tool: Tool<I>): Tool {
  return tool as unknown as Tool
}

/** The tool as a model is told of it. */
export function describeTool(tool: Tool) {
  return { name: tool.name, description: tool.description, parameters: z.toJSONSchema(tool.input, { io: 'input' }) as Record<string, unknown> }
}
