import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import { createHeld, type Held, takeHold } from './hold.ts'
import { createHeartbeat } from './heartbeat.ts'
import { createKnownOwners } from './known-owners.ts'
import { judgeLease, otherOwner } from './lease-rules.ts'
import { endProcess, giveBack, type Heard, readLease, takeLease } from './lease-store.ts'
import { leaseLimits } from './limits.ts'
import type { Hold, Leases } from './port.ts'
import type { ProcessFacts, ProcessIdentity } from './process-identity.ts'

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
  const owners = createKnownOwners()
  const hearers: ((others: readonly string[]) => void)[] = []
  const stopping = new AbortController()
  const isShared = database.kind === 'postgres'
  const heartbeat = createHeartbeat({
    database,
    me,
    facts,
    log,
    held: () => [...held.values()],
    onHeard: hear,
    // Other processes may have them by now: clients that are connected here must go there.
    onCutOff: () => held.forEach(lose),
  })

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

  /** @returns undefined when another process has it */
  async function claim(projectId: ProjectId): Promise<Held | undefined> {
    if (isShared) await heartbeat.announce()
    const stored = await readLease(database, projectId)
    const owner = isShared ? otherOwner(stored, me) : undefined
    if (owner) {
      owners.note(projectId, owner.url)
      return undefined
    }
    const epoch = await takeLease(database, projectId, me.id, stored.epoch)
    if (epoch === undefined) return undefined
    const lease = createHeld({ projectId, owner: me.id, epoch })
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

  async function leave(lease: Held): Promise<void> {
    if (forget(lease)) await giveBack(database, lease)
  }

  async function move(lease: Held): Promise<void> {
    log.info({ projectId: lease.projectId }, 'a room goes to where its sandbox is')
    lose(lease)
    await giveBack(database, lease).catch((error: unknown) => log.warn({ err: error, projectId: lease.projectId }, 'could not give a room back'))
  }

  const leaveOrWarn = (lease: Held) => {
    leave(lease).catch((error: unknown) => log.warn({ err: error, projectId: lease.projectId }, 'could not give a room back'))
  }
  const holdOf = (lease: Held): Hold => takeHold(lease, lingerMs, leaveOrWarn)

  function hear({ own, others }: Heard, asked: Held[], at: number): void {
    for (const listener of hearers) listener(others)
    owners.forgetOld(at)
    const stored = new Map(own.map((one) => [one.room, one]))
    for (const lease of asked) {
      const verdict = judgeLease(lease, stored.get(lease.projectId), me)
      if (verdict === 'lose') lose(lease)
      if (verdict === 'move') void move(lease)
    }
  }

  return {
    async start() {
      if (isShared) await heartbeat.announce()
    },
    count: () => held.size,
    current: (projectId) => held.get(projectId),
    hold: async (projectId) => holdOf(await tryUntilFree(() => attempt(projectId), stopping.signal)),
    async tryHold(projectId) {
      const lease = await attempt(projectId)
      return lease && holdOf(lease)
    },
    ownerUrl: (projectId) => (held.has(projectId) ? undefined : owners.urlOf(projectId)),
    forgetOwner: owners.forget,
    deposed: (lease) => lose(lease as Held),
    onLost: (listener) => void listeners.push(listener),
    onOthers: (listener) => void hearers.push(listener),
    async leave(projectId) {
      const lease = held.get(projectId)
      if (lease) await leave(lease)
    },
    async stop() {
      stopping.abort()
      heartbeat.stop()
      for (const lease of held.values()) clearTimeout(lease.leaving)
      held.clear()
      if (heartbeat.isAnnounced()) await endProcess(database, me.id)
    },
  }
}

/** @throws AppError `unavailable` when it stays another process's, also when that falls silent now */
async function tryUntilFree(attempt: () => Promise<Held | undefined>, stopping: AbortSignal): Promise<Held> {
  const giveUpAt = performance.now() + leaseLimits.leaseMs + 5_000
  while (true) {
    const lease = await attempt()
    if (lease) return lease
    if (stopping.aborted || performance.now() > giveUpAt) throw new AppError('unavailable', 'This room is open in another server process.')
    await pause(leaseLimits.pollMs, stopping)
  }
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
