/** An allowance that refills: `burst` at once, `perSecond` after that. */
export type TokenBucket = {
  /** Takes `cost`, even into debt; returns the ms to wait until the debt is paid, 0 when there is none. */
  take(cost: number): number
  /** Ms that `take(cost)` would answer. */
  waitFor(cost: number): number
}

/** @param now epoch or monotonic ms */
export function tokenBucket({ burst, perSecond }: { burst: number; perSecond: number }, now: () => number): TokenBucket {
  let tokens = burst
  let at = now()
  const refill = () => {
    const time = now()
    tokens = Math.min(burst, tokens + ((time - at) * perSecond) / 1000)
    at = time
  }
  const wait = (left: number) => (left >= 0 ? 0 : Math.ceil((-left * 1000) / perSecond))
  return {
    take(cost) {
      refill()
      tokens -= cost
      return wait(tokens)
    },
    waitFor(cost) {
      refill()
      return wait(tokens - cost)
    },
  }
}
