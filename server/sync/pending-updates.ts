/** What was applied to a document and is not durable yet. `upTo` and `weightUpTo` count all that was ever applied. */
export type Batch = { updates: readonly Uint8Array[]; upTo: number; weightUpTo: number; appliedAt: number }

/** Updates of one document on their way to being durable: those that wait, and the batch that is being written. Moments are those of `performance.now()`. */
export function createPendingUpdates() {
  let waiting: Uint8Array[] = []
  /** When the first of `waiting`, and of the batch, was applied. */
  let waitingSince: number | undefined
  let writingSince: number | undefined
  let applied = 0
  let durable = 0
  let appliedWeight = 0
  let durableWeight = 0

  return {
    add(update: Uint8Array): void {
      waiting.push(update)
      waitingSince ??= performance.now()
      applied++
      appliedWeight += update.length
    },
    /** All that wait: they are being written from now on. */
    take(): Batch {
      const appliedAt = (writingSince = waitingSince ?? performance.now())
      const batch = { updates: waiting, upTo: applied, weightUpTo: appliedWeight, appliedAt }
      waiting = []
      waitingSince = undefined
      return batch
    },
    /** A batch is durable. */
    stored({ upTo, weightUpTo }: Batch): void {
      durable = upTo
      durableWeight = weightUpTo
    },
    /** No batch is being written any more. */
    rest: () => void (writingSince = undefined),
    /** Those that wait will never be durable. */
    drop(): void {
      waiting = []
      waitingSince = undefined
    },
    isEmpty: () => waiting.length === 0,
    isDurable: () => durable === applied,
    counts: () => ({ applied, durable, appliedWeight, durableWeight }),
    /** How many are not durable, and since when the oldest of them waits. */
    behind: () => (durable === applied ? { updates: 0, since: undefined } : { updates: applied - durable, since: writingSince ?? waitingSince }),
  }
}
