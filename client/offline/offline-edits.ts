import type { OfflineEdit } from './offline-store.ts'

/**
 * What is kept of one document's edits, by their keys in the offline store: which of them the server does not have yet, and
 * which it has, that the kept state still lacks.
 * @param add keeps an edit; resolves with undefined when it could not
 */
export function createOfflineEdits(add: (update: Uint8Array) => Promise<number | undefined>) {
  /** Those that are not durable, oldest first; an edit that could not be kept has no key. */
  let waiting: Promise<number | undefined>[] = []
  /** Those that are durable, and go when the document is saved with them. */
  let durable: number[] = []
  let pending = 0
  let failed = 0
  return {
    isWaiting: () => waiting.length > 0,
    /** Edits that a reload would lose. */
    atRisk: () => pending + failed,
    /** Found in the store. @returns how many wait */
    found(edits: readonly OfflineEdit[]): number {
      const keys = edits.filter((edit) => !edit.durable).map(({ key }) => Promise.resolve<number | undefined>(key))
      durable = edits.filter((edit) => edit.durable).map(({ key }) => key)
      waiting = [...keys, ...waiting]
      return keys.length
    },
    add(update: Uint8Array): void {
      pending += 1
      const key = add(update).then((made) => {
        pending -= 1
        // One that became durable meanwhile needs no keeping.
        if (made === undefined && waiting.includes(key)) failed += 1
        return made
      })
      waiting.push(key)
    },
    /** Takes out all but the newest `unsaved`: they are durable on the server now. */
    takeSettled(unsaved: number): Promise<number | undefined>[] {
      if (unsaved === 0) failed = 0
      return waiting.splice(0, Math.max(0, waiting.length - unsaved))
    },
    addDurable: (...keys: number[]) => void durable.push(...keys),
    takeDurable: () => durable.splice(0),
    clear(): void {
      waiting = []
      durable = []
      failed = 0
    },
  }
}
