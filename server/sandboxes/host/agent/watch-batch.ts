import type { EventType } from './watch-kinds.ts'

export type Change = { path: string; type: EventType }

/**
 * What is told of a path once `type` has come after what waits already: written while it is new, it is still a creation;
 * whatever it was, it came or went since.
 */
export function mergeType(waiting: ReadonlySet<EventType> | undefined, type: EventType): ReadonlySet<EventType> {
  const replaces = !waiting || waiting.has('EVENT_TYPE_REMOVE') || type === 'EVENT_TYPE_REMOVE' || type === 'EVENT_TYPE_CREATE'
  if (replaces) return new Set([type])
  return waiting.has('EVENT_TYPE_CREATE') ? waiting : new Set([...waiting, type])
}

/** Changes that wait to be told together, so that one path is told once and both halves of a renaming are seen. */
export function createBatch() {
  const waiting = new Map<string, ReadonlySet<EventType>>()
  const gone = new Map<string, string>()
  return {
    add: ({ path, type }: Change): void => void waiting.set(path, mergeType(waiting.get(path), type)),
    /** @param identity what the path was, while that is known */
    remove(path: string, identity: string | undefined): void {
      if (identity !== undefined) gone.set(path, identity)
      this.add({ path, type: 'EVENT_TYPE_REMOVE' })
    },
    /** All of them, and none waits any more. What is gone from one path and is there under another that changed was renamed. */
    take(identityOf: (path: string) => string | undefined): Change[] {
      const moved = new Set([...waiting.keys()].map(identityOf))
      const wasMoved = (path: string) => moved.has(gone.get(path) ?? '')
      const changes = [...waiting].flatMap(([path, types]) =>
        Array.from(types, (type): Change => ({ path, type: type === 'EVENT_TYPE_REMOVE' && wasMoved(path) ? 'EVENT_TYPE_RENAME' : type })),
      )
      waiting.clear()
      gone.clear()
      return changes
    },
  }
}
