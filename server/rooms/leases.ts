import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import { beat, endProcess, giveBack, readLease, type StoredLease, takeLease } from './lease-store.ts'
import { leaseLimits } from './limits.ts'
import type { Hold, Lease, Leases } from './port.ts'
import { isGone, type ProcessFacts, type ProcessIdentity } from './process-identity.ts'

type Held = { -readonly [K in keyof Lease]: Lease[K] } & { holders: number; leaving: NodeJS.Timeout | undefined }

type Deps = {
  database: Database
  me: ProcessIdentity
  /** What this process says of itself. */
  facts?: () => ProcessFacts
  log: Logger
  lingerMs?: number
}

/**
 * The rooms that this process has, by leases that hold as long as it says now and then that it lives. On the embedded database no
 * other process can be alive, because the database's folder is locked.
 */
export function createLeases({ database, me, facts = () => ({ url: '', hostId: null }), log, lingerMs = leaseLimits.lingerMs }: Deps): Leases {
  const held = new Map<ProjectId, Held>()
  const claiming = new Map<ProjectId, Promise<Held | undefined>>()
  const listeners: ((projectId: ProjectId) => void)[] = []
  const elsewhere = new Map<ProjectId, { url: string; until: number }>()
  const hearers: ((others: readonly string[]) => void)[] = []
  /** When this process said last that it lives, and whether others heard it. */
  let heard = { at: performance.now(), byOthers: false }
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

  const isAlive = (other: StoredLease['process']) => other !== undefined && other.id !== me.id && other.remaining > 0 && !isGone(other, me)
  /** Who has the room, or is to have it: a room is where its sandbox is, as long as that can be reached. */
  const ownerOf = ({ process: owner, host }: StoredLease) => [owner, host].find(isAlive)

  /** Before it takes anything; after that the heartbeat says so. */
  function announce(): Promise<unknown> {
    announced ??= beat(database, me, facts()).catch((error: unknown) => {
      announced = undefined
      throw error
    })
    return announced
  }

  /** @returns undefined when another process has it */
  async function claim(projectId: ProjectId): Promise<Held | undefined> {
    if (isShared) await announce()
    const stored = await readLease(database, projectId)
    const owner = isShared ? ownerOf(stored) : undefined
    if (owner) {
      elsewhere.set(projectId, { url: owner.url, until: performance.now() + leaseLimits.knownMs })
      return undefined
    }
    const epoch = await takeLease(database, projectId, me.id, stored.epoch)
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

  async function move(lease: Held): Promise<void> {
    log.info({ projectId: lease.projectId }, 'a room goes to where its sandbox is')
    lose(lease)
    await giveBack(database, lease).catch((error: unknown) => log.warn({ err: error, projectId: lease.projectId }, 'could not give a room back'))
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
  let reconnectedAt = 0
  let failed = false
  const sayAlive = () => {
    // One that waits for a slow database is enough.
    if (beating || !announced) return
    beating = true
    const asked = [...held.values()]
    const at = performance.now()
    beat(database, me, facts())
      .then(({ own, others }) => {
        heard = { at, byOthers: others.length > 0 }
        failed = false
        for (const listener of hearers) listener(others)
        for (const [projectId, { until }] of elsewhere) if (until < at) elsewhere.delete(projectId)
        const alive = new Map(own.map((one) => [one.room, one]))
        for (const lease of asked) {
          const { epoch, host } = alive.get(lease.projectId) ?? {}
          if (lease.lost) continue
          if (epoch !== lease.epoch) lose(lease)
          // Its sandbox can be reached again: the room goes there.
          else if (host && host.id !== me.id && !isGone(host, me)) void move(lease)
        }
      })
      .catch((error: unknown) => {
        failed = true
        log.warn({ err: error }, 'could not renew the leases of rooms')
      })
      .finally(() => (beating = false))
  }

  const heartbeat = setInterval(() => {
    // Cut off from the database: others may have taken them by now, and whoever is here is to go there.
    const now = performance.now()
    if (heard.byOthers && (beating || failed) && now - heard.at > leaseLimits.leaseMs) {
      for (const lease of held.values()) lose(lease)
      // What was sent into the cut is sent again only after long pauses: with new connections it goes on as soon as it can.
      if (beating && now - reconnectedAt > leaseLimits.leaseMs) {
        reconnectedAt = now
        database.reconnect?.()
      }
    }
    sayAlive()
  }, leaseLimits.heartbeatMs)
  heartbeat.unref()

  return {
    async start() {
      if (isShared) await announce()
    },
    count: () => held.size,
    current: (projectId) => held.get(projectId),
    hold: async (projectId) => holdOf(await acquire(projectId)),
    async tryHold(projectId) {
      const lease = await attempt(projectId)
      return lease && holdOf(lease)
    },
    ownerUrl(projectId) {
      const known = held.has(projectId) ? undefined : elsewhere.get(projectId)
      return known && performance.now() < known.until ? known.url || undefined : undefined
    },
    forgetOwner: (projectId) => void elsewhere.delete(projectId),
    deposed: (lease) => lose(lease as Held),
    onLost: (listener) => void listeners.push(listener),
    onOthers: (listener) => void hearers.push(listener),
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
