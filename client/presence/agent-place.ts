import type { AgentId, SessionId } from '#shared/base/ids.ts'
import { FilePath } from '#shared/files/path.ts'
import { WorkspaceTab, type Place } from '#shared/presence/schema.ts'
import { finalRunStatuses } from '#shared/runs/schema.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'

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
export function agentPlace(agent: AgentId, { sessions, sessionId, items, editing }: Known): Place {
  const at = sessions.find(({ run }) => run?.agentId === agent && !finalRunStatuses.includes(run.status))?.id ?? sessionId
  const session = at && { sessionId: at }
  // Of a session that is not open nothing is known yet.
  if (at !== sessionId) return { ...session }
  const newest = items.findLast((item) => item.type === 'tool_call' && item.author.id === agent && placeOfCall(item, editing) !== undefined)
  return { ...session, ...(newest && placeOfCall(newest, editing)) }
}

function placeOfCall(item: Item, editing: FilePath | undefined): Pick<Place, 'tab' | 'file'> | undefined {
  if (item.type !== 'tool_call') return undefined
  const args = (item.args ?? {}) as { path?: unknown; tab?: unknown }
  if (item.name === 'ui_open_tab') {
    const tab = WorkspaceTab.safeParse(args.tab).data
    return tab && { tab }
  }
  const tab = Object.hasOwn(tabOf, item.name) ? tabOf[item.name] : undefined
  if (tab !== 'files') return tab && { tab }
  const file = FilePath.safeParse(args.path).data ?? (item.finishedAt === null ? editing : undefined)
  return file && { tab, file }
}
