import * as Y from 'yjs'
import type { AgentId, ArtifactId, ItemId, ProjectId, RunId, SessionId, StepId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { OpenDocument } from '../sync/port.ts'
import { plainFiles } from './plain-files.ts'
import type { Sandbox } from '../sandboxes/port.ts'
import type { ToolContext, ToolDefinition, ToolResult } from '../tools/define.ts'
import { parseToolCall } from '../tools/parse.ts'
import type { ToolServices } from '../tools/services.ts'

/**
 * What a tool is given in a test, and what it did with it.
 * @param real services that are those of a server
 */
export function createToolContext(sandbox: () => Promise<Sandbox>, real: Partial<ToolServices> = {}) {
  const board = new Y.Doc()
  const printed: string[] = []
  const kept = new Map<ArtifactId, Uint8Array>()
  const abort = new AbortController()
  const open: OpenDocument = {
    doc: board,
    readers: 0,
    transact: (change) => board.transact(() => change(board)),
    flushed: async () => 1,
    writeAs: async () => 1,
    show: () => undefined,
    close: async () => undefined,
  }
  const unused = () => {
    throw new Error('a tool has no business here')
  }
  const services: ToolServices = {
    sandboxes: { get: sandbox },
    files: plainFiles(sandbox),
    documents: { open: async () => open },
    desktops: { forAgent: unused },
    python: { run: unused },
    ports: { list: unused },
    terminals: { list: unused, open: unused, type: unused, text: unused },
    ...real,
  }
  const context: ToolContext = {
    projectId: newId<ProjectId>('prj'),
    sessionId: newId<SessionId>('ses'),
    runId: newId<RunId>('run'),
    itemId: newId<ItemId>('itm'),
    stepId: newId<StepId>('stp'),
    agent: { id: 'builder' as AgentId, name: 'Builder' },
    causedBy: { id: newId<UserId>('usr'), name: 'Ada' },
    output: (text) => void printed.push(text),
    async keep(_name, _mime, data) {
      const id = newId<ArtifactId>('art')
      kept.set(id, data)
      return id
    },
    signal: abort.signal,
  }
  /** Runs a call as a model makes it; arguments that do not parse are a failure. */
  const call = async (tool: ToolDefinition<ToolServices>, args: unknown): Promise<ToolResult> => {
    const parsed = parseToolCall(tool, args)
    return parsed.ok ? tool.execute(parsed.args, context, services) : { status: 'failed', code: parsed.code, message: parsed.message }
  }
  return { context, services, board, printed, kept, abort, call }
}
