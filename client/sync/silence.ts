/** What waits for a word of the server: edits that are to be saved, or documents that are joined. */
export type Waiting = 'edits' | 'joining' | undefined

/** How long the server may say nothing while something waits; doubled each time that a new connection heard nothing either. In ms. */
export const patience = { edits: 4_000, joining: 12_000, most: 60_000 } as const

/**
 * A server that stands still, or a network that swallows everything, leaves a connection open on which nothing comes. Says when to try another
 * one, which may come to a server that answers.
 * @returns to be asked now and then: whether the connection is to be given up
 */
export function createSilence(now: () => number) {
  let heardAt = now()
  let waitingSince: number | undefined
  let unsent = 0
  let factor = 1

  return {
    heard(): void {
      heardAt = now()
      factor = 1
    },
    /** @param bytes what the browser has not given to the network yet: as long as that gets less, something answers */
    isTooLong(waiting: Waiting, bytes: number): boolean {
      const moves = bytes < unsent
      unsent = bytes
      if (!waiting || moves) waitingSince = undefined
      if (!waiting) return false
      waitingSince ??= now()
      if (now() - Math.max(heardAt, waitingSince) < Math.min(patience[waiting] * factor, patience.most)) return false
      waitingSince = undefined
      factor *= 2
      return true
    },
  }
}
