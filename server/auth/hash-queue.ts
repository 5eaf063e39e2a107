import { AppError } from '#shared/base/errors.ts'

type Bounds = { atOnce: number; waiting: number }

/**
 * Runs slow work a few at a time, in the order in which it came. A password's hash takes 19 MiB and one of the process's few
 * threads, which the files and names of everybody else need too.
 */
export function createHashQueue({ atOnce, waiting }: Bounds) {
  const queue: (() => void)[] = []
  let running = 0

  /** @throws AppError `unavailable` when too many wait already; nothing was run then */
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) {
      if (queue.length >= waiting) {
        throw new AppError('unavailable', 'Too many people are signing in right now. Try again in a moment.', { retryAfterS: 5 })
      }
      // Its place is handed over by the one that ends, so that nobody who comes later takes it.
      await new Promise<void>((go) => queue.push(go))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else running -= 1
    }
  }
}
