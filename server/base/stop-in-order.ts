import type { Logger } from './logger.ts'

export type Stop = { name: string; stop: () => unknown; /** At most this long; then the next one's turn comes. */ withinMs: number }

/** Runs every step, whatever the ones before it did: a part that hangs or fails must not keep the database from closing. */
export async function stopInOrder(steps: readonly Stop[], log: Logger): Promise<void> {
  for (const { name, stop, withinMs } of steps) {
    const late = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      log.warn({ part: name, withinMs }, 'stopping takes too long, going on')
      late.resolve()
    }, withinMs)
    const done = Promise.resolve()
      .then(stop)
      .catch((error: unknown) => log.error({ err: error, part: name }, 'stopping failed'))
    await Promise.race([done, late.promise])
    clearTimeout(timer)
  }
}
