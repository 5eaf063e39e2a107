import type { AgentId, RunId, SessionId } from '#shared/base/ids.ts'
import { FilePath } from '#shared/files/path.ts'
import { WorkspaceTab, type Place } from '#shared/presence/schema.ts'
import { PreviewPort } from '#shared/previews/schema.ts'
import { finalRunStatuses } from '#shared/runs/schema.ts'
import type { Item, ToolCallStatus } from '#shared/sessions/items.ts'
import type { Made } from '#shared/sessions/made.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'

/** A place in the room, and how what stands there is seen: a file as its page or its text, the web app on a port. */
export type RoomPlace = Place & { look?: 'page' | 'source'; port?: number }

/** Where the work of each tool is seen. What is not named here is seen in the conversation. */
const tabOf: Record<string, WorkspaceTab> = {
  read_file: 'files',
  write_file: 'files',
  edit_file: 'files',
  run_python: 'python',
  open_terminal: 'terminal',
  read_terminal: 'terminal',
  start_preview: 'preview',
  computer: 'desktop',
}

type Known = {
  sessions: readonly SessionSummary[]
  /** The session whose items these are. */
  sessionId: SessionId | undefined
  items: readonly Item[]
  /** The file that the agent writes in now. */
  editing: FilePath | undefined
}

/** Where an agent works: the session it runs in, and what its newest call there is about. */
export function agentPlace(agent: AgentId, { sessions, sessionId, items, editing }: Known): RoomPlace {
  const at = sessions.find(({ run }) => run?.agentId === agent && !finalRunStatuses.includes(run.status))?.id ?? sessionId
  const session = at && { sessionId: at }
  // Of a session that is not open nothing is known yet.
  if (at !== sessionId) return { ...session }
  const newest = items.findLast((item) => item.type === 'tool_call' && item.author.id === agent && placeOfCall(item, editing) !== undefined)
  return { ...session, ...(newest && placeOfCall(newest, editing)) }
}

/** Where the newest call of a run is seen that has begun: what still waits for people shows nothing yet. */
export function runPlace(runId: RunId, items: readonly Item[], editing: FilePath | undefined): RoomPlace | undefined {
  const newest = items.findLast(
    (item) => item.type === 'tool_call' && item.runId === runId && begun.has(item.status) && placeOfCall(item, editing) !== undefined,
  )
  return newest && placeOfCall(newest, editing)
}
const begun: ReadonlySet<string> = new Set<ToolCallStatus>(['running', 'ok'])

/** Where what a run made is looked at. */
export function madePlace({ main }: Made): RoomPlace {
  switch (main.kind) {
    case 'app':
      return { tab: 'preview', port: main.port }
    case 'figure':
      return { tab: 'python' }
    default:
      // Of a text nobody knows how its reader likes it.
      return { tab: 'files', file: main.path, ...(main.kind !== 'file' && { look: 'page' as const }) }
  }
}

function placeOfCall(item: Item, editing: FilePath | undefined): Pick<RoomPlace, 'tab' | 'file' | 'look' | 'port'> | undefined {
  if (item.type !== 'tool_call') return undefined
  const args = (item.args ?? {}) as { path?: unknown; tab?: unknown }
  if (item.name === 'ui_open_tab') {
    const tab = WorkspaceTab.safeParse(args.tab).data
    return tab && { tab }
  }
  const tab = Object.hasOwn(tabOf, item.name) ? tabOf[item.name] : undefined
  if (tab === 'preview') {
    const port = PreviewPort.safeParse((item.args as { port?: unknown } | undefined)?.port).data
    // Before something listens there is nothing to see.
    return item.status === 'ok' ? { tab, ...(port && { port }) } : undefined
  }
  if (tab !== 'files') return tab && { tab }
  const file = FilePath.safeParse(args.path).data ?? (item.finishedAt === null ? editing : undefined)
  return file && { tab, file, look: 'source' }
}
