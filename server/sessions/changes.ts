import type * as Y from 'yjs'
import type { ItemId, RunId } from '#shared/base/ids.ts'
import type { RunState } from '#shared/runs/schema.ts'
import { sessionLive } from '#shared/sessions/doc.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { QueuedMessage } from '#shared/sessions/schema.ts'
import { beginLive, dropLive, dropLiveOf, pushItems, setItemState, setQueue, setRun } from './projection.ts'

/**
 * What a commit changes in its session's document. It says how things are, so it may be written again. All changes of one commit go into one
 * transaction of the document: nobody sees one without the others.
 */
export type SessionChange =
  /** Items that are finished, in the order of their seq. */
  | { kind: 'items'; items: readonly Item[] }
  /** How an approval or a question stands now. */
  | { kind: 'state'; id: ItemId; state: unknown }
  | { kind: 'run'; run: RunState }
  | { kind: 'queue'; queue: readonly QueuedMessage[] }
  /** A call is to begin. One that has begun meanwhile is not set back. */
  | { kind: 'call'; item: Item }
  /** A call that is open still is another one now. */
  | { kind: 'open_call'; item: Item }
  /** Nothing comes of these. */
  | { kind: 'dropped'; ids: readonly ItemId[] }
  /** Nor of anything else that the run had begun. */
  | { kind: 'dropped_of_run'; runId: RunId; kept: readonly ItemId[] }

/** What is told only when its turn has come, as it is then. */
export type LaterChange = () => Promise<readonly SessionChange[]>

/** What one commit comes to. */
export type Changes = readonly (SessionChange | LaterChange)[]

/** Within a transaction of the document. */
export function applyChange(doc: Y.Doc, change: SessionChange): void {
  switch (change.kind) {
    case 'items':
      return pushItems(doc, change.items)
    case 'state':
      return setItemState(doc, change.id, change.state)
    case 'run':
      return setRun(doc, change.run)
    case 'queue':
      return setQueue(doc, change.queue)
    case 'call': {
      const known = sessionLive(doc).get(change.item.id)?.get('item') as { status?: string } | undefined
      if (known === undefined || known.status === 'queued') beginLive(doc, change.item)
      return undefined
    }
    case 'open_call':
      if (sessionLive(doc).has(change.item.id)) beginLive(doc, change.item)
      return undefined
    case 'dropped':
      return change.ids.forEach((id) => dropLive(doc, id))
    case 'dropped_of_run':
      return dropLiveOf(doc, change.runId, new Set<string>(change.kept))
  }
}
