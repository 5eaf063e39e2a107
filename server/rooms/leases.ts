import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import { beat, endProcess, giveBack, readLease, type StoredLease, takeLease } from './lease-store.ts'
import { leaseLimits } from './limits.ts'
import type { Hold, Lease, Leases } from './port.ts'
import { isGone, type ProcessIdentity } from './process-identity.ts'

type Held = { -readonly [K in keyof Lease]: Lease[K] } & { holders: number; leaving: NodeJS.Timeout | undefined }

type Deps = {
  database: Database
  me: ProcessIdentity
  /** Where other processes reach this one, once it listens. */
  url?: () => string
  log: Logger
  lingerMs?: number
}

/**
 * The rooms that this process has, by leases that hold as long as it says every second that it lives. On the embedded database no
 * other process can be alive, because the database's folder is locked.
 */
export function createLeases({ database, me, url = () => '', log, lingerMs = leaseLimits.lingerMs }: Deps): Leases {
  const held = new Map<ProjectId, Held>()
  const claiming = new Map<ProjectId, Promise<Held | undefined>>()
  const listeners: ((projectId: ProjectId) => void)[] = []
  const stopping = new AbortController()
  const isShared = database.kind === 'postgres'
  let announced: Promise<unknown> | undefined

  const forget = (lease: Held) => {
    lease.lost = true
    clearTimeout(lease.leaving)
    if (held.get(lease.projectId) !== lease) return false
    held.delete(lease.projectId)
    return true
  }

  const lose = (lease: Held) => {
    if (!forget(lease)) return
    log.warn({ projectId: lease.projectId }, 'lost a room to another process')
    for (const listener of listeners) listener(lease.projectId)
  }

  const isFree = (stored: StoredLease | undefined) =>
    !isShared || !stored?.process || stored.process.remaining <= 0 || stored.owner === me.id || isGone(stored.process, me)

  /** @returns undefined when another process has it */
  async function claim(projectId: ProjectId): Promise<Held | undefined> {
    if (isShared) {
      announced ??= beat(database, me, url()).catch((error: unknown) => {
        announced = undefined
        throw error
      })
      await announced
    }
    const stored = await readLease(database, projectId)
    const epoch = isFree(stored) ? await takeLease(database, projectId, me.id, stored?.epoch ?? 0) : undefined
    if (epoch === undefined) return undefined
    const lease: Held = { projectId, owner: me.id, epoch, lost: false, holders: 0, leaving: undefined }
    held.set(projectId, lease)
    return lease
  }

  /** One attempt at a time for each room: two would depose one another. */
  function attempt(projectId: ProjectId): Promise<Held | undefined> {
    const lease = held.get(projectId)
    if (lease) return Promise.resolve(lease)
    const pending = claiming.get(projectId) ?? claim(projectId).finally(() => claiming.delete(projectId))
    claiming.set(projectId, pending)
    return pending
  }

  async function acquire(projectId: ProjectId): Promise<Held> {
    const giveUpAt = performance.now() + leaseLimits.leaseMs + 5_000
    while (true) {
      const lease = await attempt(projectId)
      if (lease) return lease
      if (stopping.signal.aborted || performance.now() > giveUpAt) throw new AppError('unavailable', 'This room is open in another server process.')
      await pause(leaseLimits.pollMs, stopping.signal)
    }
  }

  async function leave(lease: Held): Promise<void> {
    if (forget(lease)) await giveBack(database, lease)
  }

  const leaveSoon = (lease: Held) => {
    lease.leaving = setTimeout(() => {
      leave(lease).catch((error: unknown) => log.warn({ err: error, projectId: lease.projectId }, 'could not give a room back'))
    }, lingerMs)
    lease.leaving.unref()
  }

  function holdOf(lease: Held): Hold {
    clearTimeout(lease.leaving)
    lease.holders += 1
    let released = false
    return {
      lease,
      release() {
        if (released) return
        released = true
        lease.holders -= 1
        if (lease.holders === 0 && !lease.lost) leaveSoon(lease)
      },
    }
  }

  let beating = false
  const heartbeat = setInterval(() => {
    // One that waits for a slow database is enough.
    if (beating || !announced) return
    beating = true
    const asked = [...held.values()]
    beat(database, me, url())
      .then((alive) => {
        for (const lease of asked) if (!lease.lost && alive.get(lease.projectId) !== lease.epoch) lose(lease)
      })
      .catch((error: unknown) => log.warn({ err: error }, 'could not renew the leases of rooms'))
      .finally(() => (beating = false))
  }, leaseLimits.heartbeatMs)
  heartbeat.unref()

  return {
    count: () => held.size,
    current: (projectId) => held.get(projectId),
    hold: async (projectId) => holdOf(await acquire(projectId)),
    async tryHold(projectId) {
      const lease = await attempt(projectId)
      return lease && holdOf(lease)
    },
    async ownerUrl(projectId) {
      const stored = held.has(projectId) ? undefined : await readLease(database, projectId)
      return isFree(stored) ? undefined : stored?.process?.url || undefined
    },
    deposed: (lease) => lose(lease as Held),
    onLost: (listener) => void listeners.push(listener),
    async leave(projectId) {
      const lease = held.get(projectId)
      if (lease) await leave(lease)
    },
    async stop() {
      stopping.abort()
      clearInterval(heartbeat)
      for (const lease of held.values()) clearTimeout(lease.leaving)
      held.clear()
      if (announced) await endProcess(database, me.id)
    },
  }
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
