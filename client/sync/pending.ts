import { createStore } from '../ui/store.ts'

/** How many changes wait to be sent, outside the shared documents, by what keeps them: `messages`. */
export const pendingChanges = createStore<ReadonlyMap<string, number>>(new Map())

/** Tells how many of one source wait now. */
export function setPending(source: string, count: number): void {
  const before = pendingChanges.get()
  if ((before.get(source) ?? 0) === count) return
  const next = new Map(before)
  if (count === 0) next.delete(source)
  else next.set(source, count)
  pendingChanges.set(next)
}
