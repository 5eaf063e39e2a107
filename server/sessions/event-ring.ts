import type { SentEvent } from './events.ts'

const mostEvents = 2000
const mostChars = 1_000_000

export type EventRing = ReturnType<typeof createEventRing>

/** The recent events of one session, as many as fit. @param from the number of the last event before them: numbers grow */
export function createEventRing(from: number) {
  const events: { n: number; sent: SentEvent; size: number }[] = []
  let size = 0
  /** Events up to this number have left. */
  let dropped = from

  return {
    add(n: number, sent: SentEvent): void {
      const its = JSON.stringify(sent.event).length
      events.push({ n, sent, size: its })
      size += its
      while (events.length > mostEvents || (size > mostChars && events.length > 1)) {
        const gone = events.shift()
        if (!gone) break
        size -= gone.size
        dropped = gone.n
      }
    },
    /** Whether all that came after this number are here. */
    reaches: (n: number): boolean => n >= dropped,
    after: (n: number): SentEvent[] => events.filter((one) => one.n > n).map(({ sent }) => sent),
  }
}
