/**
 * The tabs of one person in one browser. One of them shows notifications; it knows whether any is looked at. Both are locks,
 * which a tab that dies lets go by itself.
 */
export type Tabs = {
  /** This tab is looked at now, or is not any more. */
  lookedAt(now: boolean): void
  /** Whether this tab is to show what is news: it leads, and no tab is looked at. */
  mayShow(): Promise<boolean>
  stop(): void
}

type Locks = Pick<LockManager, 'request' | 'query'>

/** @param locks those of the browser; without them every tab is on its own */
export function joinTabs(personId: string, locks: Locks | undefined = navigator.locks): Tabs {
  const names = { lead: `atrium:notices:${personId}`, looking: `atrium:looking:${personId}` }
  const stopped = new AbortController()
  let leads = locks === undefined
  let looking = false
  let lookAway: (() => void) | undefined
  const untilStopped = new Promise<void>((resolve) => stopped.signal.addEventListener('abort', () => resolve(), { once: true }))
  const lead = () => {
    leads = true
    return untilStopped
  }
  locks?.request(names.lead, { signal: stopped.signal }, lead).catch(() => undefined)
  return {
    lookedAt(now) {
      if (looking === now) return
      looking = now
      lookAway?.()
      lookAway = undefined
      if (!now || !locks) return
      const until = new Promise<void>((resolve) => (lookAway = resolve))
      locks.request(names.looking, { mode: 'shared', signal: stopped.signal }, () => until).catch(() => undefined)
    },
    async mayShow() {
      if (!leads || looking) return false
      const held = (await locks?.query())?.held ?? []
      return !held.some(({ name }) => name === names.looking)
    },
    stop() {
      lookAway?.()
      stopped.abort()
    },
  }
}
