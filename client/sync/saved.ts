/**
 * What of this browser's edits is durable, for one document. An edit counts as saved only when the server has answered a
 * mark sent after it: an acknowledgement of the sync protocol is not enough, since it comes before anything is stored.
 */
export type SaveTracker = {
  /** An edit was made here, or one of an earlier page was found. */
  edited(count?: number): void
  /** The mark to send now, or undefined when the last one sent still covers every edit. */
  nextMark(): number | undefined
  /** The server answered a mark: everything up to it is durable. */
  marked(mark: number): void
  /** The connection was lost: marks on their way are lost too, and must be sent again. */
  disconnected(): void
  /** Edits that are not durable yet. */
  unsaved(): number
  /** All edits there ever were. */
  count(): number
}

/** @param from edits of the tracker before it: an answer to one of its marks says nothing here */
export function createSaveTracker(from = 0): SaveTracker {
  let edits = from
  let sent = from
  let durable = from
  return {
    edited(count = 1) {
      edits += count
    },
    nextMark() {
      if (edits <= sent) return undefined
      sent = edits
      return sent
    },
    marked(mark) {
      durable = Math.max(durable, Math.min(mark, edits))
    },
    disconnected() {
      sent = durable
    },
    unsaved: () => edits - durable,
    count: () => edits,
  }
}

/** `ended`: nobody is signed in any more. `outdated`: the server does not serve this page any more. */
export type Connection = 'connecting' | 'connected' | 'offline' | 'ended' | 'outdated'

export type SavedState =
  | { status: 'connecting' }
  | { status: 'saved' }
  | { status: 'saving' }
  | { status: 'offline'; changes: number }
  | { status: 'reconnecting'; changes: number }
  | { status: 'read-only' }

export const isAway = (state: SavedState): state is Extract<SavedState, { changes: number }> => 'changes' in state

/** Whether what is written can reach the server now. */
export const canSend = (state: SavedState): boolean => !isAway(state) && state.status !== 'connecting'

/**
 * One state for the whole tab.
 * @param documents the open ones: how they may be used and how many edits are not durable yet
 * @param elsewhere what waits outside the open documents: edits kept of others, messages not sent
 */
export function savedState(
  connection: Connection,
  online: boolean,
  documents: readonly { access: 'read' | 'write'; unsaved: number }[],
  elsewhere = 0,
): SavedState {
  const changes = documents.reduce((sum, document) => sum + document.unsaved, elsewhere)
  if (!online || connection === 'ended' || connection === 'outdated') return { status: 'offline', changes }
  if (connection === 'offline') return { status: 'reconnecting', changes }
  if (connection === 'connecting') return changes > 0 ? { status: 'reconnecting', changes } : { status: 'connecting' }
  if (changes > 0) return { status: 'saving' }
  return documents.some((document) => document.access === 'write') ? { status: 'saved' } : { status: 'read-only' }
}
