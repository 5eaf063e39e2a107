const minuteMs = 60_000
const dayMs = 86_400_000

export const outboxLimits = {
  /** How often an event is tried; with the waits between, over about three hours. */
  attempts: 20,
  /** What one look takes at once. */
  claimedAtOnce: 20,
  /** A listener that takes longer has failed. */
  listenerMs: 2 * minuteMs,
  /** Between looks for what a crash left, here or in another process. */
  sweepMs: minuteMs,
  /** After a start there is one look more, when a process that died just before it has lost what it had taken. */
  secondSweepMs: 5_000,
  keptMs: dayMs,
  givenUpKeptMs: 30 * dayMs,
} as const

/** In ms, after so many attempts: a second, four, sixteen, …, at most ten minutes. */
export const waitBeforeAttempt = (attempts: number): number => Math.min(10 * minuteMs, 1_000 * 4 ** (attempts - 1))
