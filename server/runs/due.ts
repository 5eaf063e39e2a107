import type { Clock } from '../base/clock.ts'

/** In ms. A timer's time must fit, and one may come a little early. */
const limits = { longest: 2 ** 30, early: 10 }

/** Calls back when a moment has come, epoch ms: for those asked for here, and until `stop`. */
export function createDueTimers(clock: Clock, work: () => void) {
  const timers = new Set<NodeJS.Timeout>()
  return {
    at(moment: number): void {
      const timer = setTimeout(
        () => {
          timers.delete(timer)
          work()
        },
        Math.min(limits.longest, Math.max(0, moment - clock.now()) + limits.early),
      )
      timer.unref()
      timers.add(timer)
    },
    stop(): void {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
