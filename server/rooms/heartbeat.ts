import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import { isCutOff, type LastBeat } from './lease-rules.ts'
import { beat, type Heard } from './lease-store.ts'
import { leaseLimits } from './limits.ts'
import type { ProcessFacts, ProcessIdentity } from './process-identity.ts'

type Deps<T> = {
  database: Database
  me: ProcessIdentity
  facts: () => ProcessFacts
  log: Logger
  /** What this process has, read before the database is asked: what it takes meanwhile is not in the answer. */
  held(): T[]
  /** `at`: when the database was asked. */
  onHeard(heard: Heard, held: T[], at: number): void
  /** The database has not answered for so long that others may have taken what this process has. Perhaps more than once. */
  onCutOff(): void
}

/** Says now and then that this process lives, and hears what is its own. */
export function createHeartbeat<T>({ database, me, facts, log, held, onHeard, onCutOff }: Deps<T>) {
  let last: LastBeat = { at: performance.now(), byOthers: false }
  let announced: Promise<unknown> | undefined
  let beating = false
  let reconnectedAt = 0
  let failed = false

  function sayAlive(): void {
    // One that waits for a slow database is enough.
    if (beating || !announced) return
    beating = true
    const asked = held()
    const at = performance.now()
    beat(database, me, facts())
      .then((heard) => {
        last = { at, byOthers: heard.others.length > 0 }
        failed = false
        onHeard(heard, asked, at)
      })
      .catch((error: unknown) => {
        failed = true
        log.warn({ err: error }, 'could not renew the leases of rooms')
      })
      .finally(() => (beating = false))
  }

  const timer = setInterval(() => {
    const now = performance.now()
    if (isCutOff(last, beating || failed, now)) {
      onCutOff()
      // After a network cut TCP sends again only after long pauses; new connections work as soon as the network does.
      if (beating && now - reconnectedAt > leaseLimits.leaseMs) {
        reconnectedAt = now
        database.reconnect?.()
      }
    }
    sayAlive()
  }, leaseLimits.heartbeatMs)
  timer.unref()

  return {
    /** Stores that this process lives; resolves before its first lease is taken. The heartbeat goes on from there. */
    announce(): Promise<unknown> {
      announced ??= beat(database, me, facts()).catch((error: unknown) => {
        announced = undefined
        throw error
      })
      return announced
    },
    isAnnounced: () => announced !== undefined,
    stop: () => clearInterval(timer),
  }
}
