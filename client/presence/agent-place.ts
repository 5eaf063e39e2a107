import type { AgentId, RunId, SessionId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { Place } from '#shared/presence/schema.ts'
import { finalRunStatuses } from '#shared/runs/schema.ts'
import type { Item, ToolCallStatus } from '#shared/sessions/items.ts'
import type { Made } from '#shared/sessions/made.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'

/** A place in the room, and how what stands there is seen: a file as its page or its text, the web app on a port. */
export type RoomPlace = Place & { look?: 'page' | 'source'; port?: number }

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

/** What is not seen in the workspace is seen in the conversation. */
function placeOfCall(item: Item, editing: FilePath | undefined): Pick<RoomPlace, 'tab' | 'file' | 'look' | 'port'> | undefined {
  const place = item.type === 'tool_call' ? item.presentation?.place : undefined
  if (place?.tab !== 'files') return place
  const file = place.file ?? (item.finishedAt === null ? editing : undefined)
  return file && { tab: 'files', file, look: 'source' }
}
