/**
 * How far apart live text is sent, in ms: at rest, and at most. What comes at the beginning of the longest frame is read by everybody within 100 ms
 * all the same.
 */
export const frameBounds = { shortest: 33, longest: 60 } as const

/** So many readers get a frame each, before frames grow longer instead: at the shortest, 1,500 messages a second. */
const readersAtRest = 50
/** Of the time, what sending may take. */
const shareOfTime = 0.15

/**
 * The frame by which live text is gathered. It grows with the readers, and with how long this process takes to send one: under load everybody
 * gets the same words in fewer, larger pieces.
 */
export function createFramePace() {
  let cost = 0
  return {
    /** A frame kept this process busy for so long, in ms, with whatever else was waiting. */
    took(ms: number): void {
      // Up at once, down slowly: a quick frame among slow ones says little.
      cost = ms > cost ? ms : cost * 0.8 + ms * 0.2
    },
    /** Until the next one, in ms. */
    frameMs(readers: number): number {
      const wanted = Math.max((frameBounds.shortest * readers) / readersAtRest, cost / shareOfTime)
      return Math.min(frameBounds.longest, Math.max(frameBounds.shortest, wanted))
    },
  }
}
