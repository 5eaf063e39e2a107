import type { AgentId, ProjectId, SessionId } from '#shared/base/ids.ts'
import type { Logger } from '../base/logger.ts'
import type { Tool } from './define.ts'

/** Whose tools are wanted, and where. */
export type ToolAgent = { id: AgentId; tools: readonly Tool[] }
export type ToolRoom = { projectId: ProjectId; sessionId: SessionId }

/** Where tools come from. It is asked whenever a run is made, and may fail: the run goes on without its tools. */
export type ToolSource = {
  /** For the log. */
  name: string
  list(agent: ToolAgent, room: ToolRoom): Promise<readonly Tool[]>
}

/** The tools of the agent's capabilities. */
export const capabilityTools: ToolSource = { name: 'capabilities', list: async ({ tools }) => tools }

/** Several sources as one; `withinMs` for each of them, `most` for all of them together. */
export type ToolSources = { sources: readonly ToolSource[]; log: Logger; withinMs: number; most: number }

/** No service takes more tools in one request. */
const mostTools = 128
/** What services take as the name of a tool: one that is refused would have the whole request refused. */
const usableName = /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/

/**
 * Joins sources; the order decides who comes first.
 * @param options.withinMs after which a source is left out
 * @param options.most tools of one agent
 */
export const createToolSources = (
  sources: readonly ToolSource[],
  { log, withinMs = 5_000, most = mostTools }: { log: Logger; withinMs?: number; most?: number },
): ToolSources => ({ sources, log, withinMs, most })

/**
 * What an agent can call in a room. A source that fails or takes too long is left out, and so is a tool whose name an earlier
 * one has, or no service would take, and what is too many; each is logged. Never throws.
 */
export async function listTools({ sources, log, withinMs, most }: ToolSources, agent: ToolAgent, room: ToolRoom): Promise<readonly Tool[]> {
  const listed = await Promise.all(
    sources.map(async (source) => {
      try {
        return await inTime(source.list(agent, room), withinMs)
      } catch (error) {
        log.warn({ err: error, source: source.name }, 'a source of tools is left out')
        return []
      }
    }),
  )
  const tools = new Map<string, Tool>()
  const leaveOut = (source: string, tool: string, why: string) => log.warn({ source, tool, why }, 'a tool is left out')
  for (const [at, found] of listed.entries()) {
    const source = sources[at]?.name ?? ''
    for (const tool of found) {
      if (!usableName.test(tool.name)) leaveOut(source, tool.name.slice(0, 100), 'its name cannot be used')
      else if (tools.has(tool.name)) leaveOut(source, tool.name, 'another tool has its name')
      else if (tools.size < most) tools.set(tool.name, tool)
      else leaveOut(source, tool.name, `an agent has at most ${most} tools`)
    }
  }
  return [...tools.values()]
}

async function inTime<T>(work: Promise<T>, withinMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${withinMs} ms`)), withinMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
