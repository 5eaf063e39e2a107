import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import { outboxLimits, type waitBeforeAttempt } from './limits.ts'
import { claimDue, markDelivered, postpone, type Claimed, type Scope } from './store.ts'
import { tellFeatures, type Hearing } from './tell-features.ts'

type Deps = {
  database: Database
  me: string
  hostId: string | null
  hearing: readonly Hearing[]
  log: Logger
  wait: typeof waitBeforeAttempt
}

/** Takes events from the outbox and tells the features. */
export function createDelivery({ database, me, hostId, hearing, log, wait }: Deps) {
  const underWay = new Set<number>()
  const timers = new Set<NodeJS.Timeout>()
  let claiming: Promise<unknown> = Promise.resolve()
  let stopped = false

  /** One claim at a time: what the one before took is known to be under way before the next one looks. */
  function claim(scope: Scope): Promise<Claimed[]> {
    const mine = claiming.then(async () => {
      const claimed = await claimDue(database, { me, hostId, underWay: [...underWay] }, scope)
      for (const { id } of claimed) underWay.add(id)
      return claimed
    })
    claiming = mine.catch(() => undefined)
    return mine
  }

  async function deliver(claimed: Claimed): Promise<void> {
    try {
      if (await tellFeatures(hearing, claimed, log)) {
        await markDelivered(database.db, claimed.id)
        return log.debug({ event: claimed.type, eventId: claimed.id }, 'an event was delivered')
      }
      const ms = wait(claimed.attempts)
      await postpone(database.db, claimed.id, ms)
      if (claimed.attempts < outboxLimits.attempts) later(() => void deliverDue('all'), ms)
    } finally {
      underWay.delete(claimed.id)
    }
  }

  /** Until nothing is due: after an event of a project comes the project's next. Never throws. */
  async function deliverDue(scope: Scope): Promise<void> {
    try {
      while (!stopped) {
        const claimed = await claim(scope)
        if (claimed.length === 0) return
        const done = await Promise.allSettled(claimed.map(deliver))
        for (const one of done) if (one.status === 'rejected') throw one.reason
      }
    } catch (error) {
      if (!stopped) log.warn({ err: error }, 'events cannot be delivered now; they are tried again within a minute')
    }
  }

  /** Calls back unless everything is stopped by then. */
  function later(work: () => void, ms: number): void {
    if (stopped) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, ms)
    timer.unref()
    timers.add(timer)
  }

  return {
    deliverDue,
    later,
    /** No delivery begins any more. */
    stop(): void {
      stopped = true
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
