/** Gives back what was taken; a second call does nothing. */
export type GiveBack = () => void

/**
 * How many of one kind a person may have at the same time. Counted in this process: several processes multiply the number by
 * their count.
 */
export type Budget = {
  /** Undefined when `who` has as many as they may. */
  take(who: string): GiveBack | undefined
  has(who: string): number
  /** Of all together. */
  total(): number
}

export function createBudget(most: number): Budget {
  const taken = new Map<string, number>()
  return {
    has: (who) => taken.get(who) ?? 0,
    total: () => [...taken.values()].reduce((sum, count) => sum + count, 0),
    take(who) {
      const now = taken.get(who) ?? 0
      if (now >= most) return undefined
      taken.set(who, now + 1)
      let given = false
      return () => {
        if (given) return
        given = true
        const left = (taken.get(who) ?? 1) - 1
        if (left > 0) taken.set(who, left)
        else taken.delete(who)
      }
    },
  }
}

/**
 * Work of many people at once, of which each has `most` going on: the rest of theirs waits in order, and nobody waits for another's.
 * @param full how many of one person's may wait, and what more of them are told; nothing of theirs is run then
 */
export function createTurns(most: number, full?: { waiting: number; error: () => Error }) {
  const queues = new Map<unknown, { running: number; waiting: (() => void)[] }>()
  return async function inTurn<T>(who: unknown, work: () => Promise<T>): Promise<T> {
    const queue = queues.get(who) ?? { running: 0, waiting: [] }
    queues.set(who, queue)
    if (full && queue.running >= most && queue.waiting.length >= full.waiting) throw full.error()
    // Who leaves hands the place over, so that nobody slips in between.
    if (queue.running >= most) await new Promise<void>((resolve) => queue.waiting.push(resolve))
    else queue.running++
    try {
      return await work()
    } finally {
      const next = queue.waiting.shift()
      if (next) next()
      else if (--queue.running === 0) queues.delete(who)
    }
  }
}
