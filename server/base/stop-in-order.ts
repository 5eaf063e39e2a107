import type { Logger } from './logger.ts'

export type Stop = {
  name: string
  stop: () => unknown
  /** At most this long, and what the others leave; then the next one's turn comes. */
  withinMs: number
}

/** Less than the 10 s after which most supervisors kill. */
const allMs = 9000

/**
 * Runs every step, whatever the ones before it did: a part that hangs or fails must not keep the database from closing. On a
 * machine that is slow a step may take longer than its own time, out of what is left of `totalMs` once every later one has had its.
 */
export async function stopInOrder(steps: readonly Stop[], log: Pick<Logger, 'warn' | 'error'>, totalMs = allMs): Promise<void> {
  const end = performance.now() + totalMs
  for (const [at, { name, stop, withinMs }] of steps.entries()) {
    const later = steps.slice(at + 1).reduce((sum, step) => sum + step.withinMs, 0)
    const mayTakeMs = Math.max(withinMs, end - performance.now() - later)
    const late = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      log.warn({ part: name, withinMs: Math.round(mayTakeMs) }, 'stopping takes too long, going on')
      late.resolve()
    }, mayTakeMs)
    const done = Promise.resolve()
      .then(stop)
      .catch((error: unknown) => log.error({ err: error, part: name }, 'stopping failed'))
    await Promise.race([done, late.promise])
    clearTimeout(timer)
  }
}
