import * as Y from 'yjs'
import type { AgentId, ArtifactId, ProjectId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { OpenDocument } from '../sync/port.ts'
import { plainFiles } from './plain-files.ts'
import type { Sandbox } from '../sandboxes/port.ts'
import type { Tool, ToolContext, ToolResult } from '../tools/define.ts'
import { parseToolCall } from '../tools/parse.ts'

/** What a tool is given in a test, and what it did with it. */
export function createToolContext(sandbox: () => Promise<Sandbox>) {
  const board = new Y.Doc()
  const printed: string[] = []
  const kept = new Map<ArtifactId, Uint8Array>()
  const abort = new AbortController()
  const open: OpenDocument = {
    doc: board,
    transact: (change) => board.transact(() => change(board)),
    flushed: async () => 1,
    writeAs: async () => 1,
    show: () => undefined,
    close: async () => undefined,
  }
  const unused = () => {
    throw new Error('a tool has no business here')
  }
  const context: ToolContext = {
    projectId: newId<ProjectId>('prj'),
    sessionId: newId<SessionId>('ses'),
    runId: newId<RunId>('run'),
    agent: { id: 'builder' as AgentId, name: 'Builder' },
    causedBy: { id: newId<UserId>('usr'), name: 'Ada' },
    idempotencyKey: 'key',
    sandbox,
    documents: {
      open: async () => open,
      write: async (_name, change) => open.transact(change),
      isLoaded: () => true,
      onLoad: unused,
      peopleIn: unused,
      onPeople: unused,
      flushed: unused,
      openBy: unused,
      recheck: unused,
      accessChanged: unused,
      credentialEnded: unused,
      remove: unused,
      authors: unused,
      times: unused,
      stop: unused,
    },
    files: plainFiles(sandbox),
    desktop: { takeControl: unused, look: unused, holder: () => null, steps: () => 0, step: unused },
    python: unused,
    ports: unused,
    terminals: { list: unused, open: unused, type: unused, read: unused },
    output: (text) => void printed.push(text),
    async keep(_name, _mime, data) {
      const id = newId<ArtifactId>('art')
      kept.set(id, data)
      return id
    },
    signal: abort.signal,
  }
  /** Runs a call as a model makes it; arguments that do not parse are a failure. */
  const call = async (tool: Tool, args: unknown): Promise<ToolResult> => {
    const parsed = parseToolCall(tool, args)
    return parsed.ok ? tool.execute(parsed.args, context) : { status: 'failed', code: parsed.code, message: parsed.message }
  }
  return { context, board, printed, kept, abort, call }
}
