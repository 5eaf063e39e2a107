import { hostname } from 'node:os'
import { sql } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import { leaseLimits } from './limits.ts'

/** The right to write a room's documents. `epoch` grows with every change of owner and fences every insert. */
export type Lease = { readonly projectId: ProjectId; readonly owner: string; readonly epoch: number; readonly lost: boolean }

export type RoomLeases = {
  /** Rooms that this process has. */
  held(): number
  /**
   * Takes the room, or answers the lease that is held already.
   * @throws AppError `not_found` when there is no such project, `unavailable` when another process keeps the room.
   */
  take(projectId: ProjectId): Promise<Lease>
  /** An insert was refused: another process has the room. */
  deposed(lease: Lease): void
  onLost(listener: (projectId: ProjectId) => void): void
  /** Gives a room back that has no documents loaded. */
  release(projectId: ProjectId): Promise<void>
  stop(): Promise<void>
}

type Held = { -readonly [K in keyof Lease]: Lease[K] }
type Row = { owner: string; epoch: number; remaining: number }

/**
 * @param ownerId `host:pid:random`, unique to this process. A room whose owner is a dead process of this host is taken at
 * once; on the embedded database so is every room, because its lock admits one process.
 */
export function createRoomLeases(deps: { database: Database; ownerId: string; log: Logger }): RoomLeases {
  const { database, ownerId, log } = deps
  const held = new Map<ProjectId, Held>()
  const taking = new Map<ProjectId, Promise<Lease>>()
  const listeners: ((projectId: ProjectId) => void)[] = []
  const stopping = new AbortController()

  const lose = (lease: Held) => {
    lease.lost = true
    if (held.get(lease.projectId) !== lease) return
    held.delete(lease.projectId)
    log.warn({ projectId: lease.projectId }, 'lost a room to another process')
    for (const listener of listeners) listener(lease.projectId)
  }

  async function acquire(projectId: ProjectId): Promise<Lease> {
    const giveUpAt = performance.now() + leaseLimits.leaseMs + 5_000
    while (true) {
      const current = await readRoom(database, projectId)
      const free = !current || current.remaining <= 0 || current.owner === ownerId || database.kind === 'embedded' || isDead(current.owner)
      const epoch = free ? await takeRoom(database, projectId, ownerId, current?.epoch ?? 0) : undefined
      if (epoch !== undefined) {
        const lease: Held = { projectId, owner: ownerId, epoch, lost: false }
        held.set(projectId, lease)
        return lease
      }
      if (stopping.signal.aborted || performance.now() > giveUpAt) throw new AppError('unavailable', 'This room is open in another server process.')
      await pause(leaseLimits.pollMs, stopping.signal)
    }
  }

  const heartbeat = setInterval(() => {
    const asked = [...held.values()]
    if (asked.length === 0) return
    renew(database, ownerId)
      .then((alive) => {
        for (const lease of asked) if (!lease.lost && alive.get(lease.projectId) !== lease.epoch) lose(lease)
      })
      .catch((error: unknown) => log.warn({ err: error }, 'could not renew the leases of rooms'))
  }, leaseLimits.heartbeatMs)
  heartbeat.unref()

  return {
    held: () => held.size,
    async take(projectId) {
      const lease = held.get(projectId)
      if (lease) return lease
      const pending = taking.get(projectId) ?? acquire(projectId).finally(() => taking.delete(projectId))
      taking.set(projectId, pending)
      return pending
    },
    deposed(lease) {
      lose(lease as Held)
    },
    onLost: (listener) => void listeners.push(listener),
    async release(projectId) {
      const lease = held.get(projectId)
      if (!lease) return
      held.delete(projectId)
      lease.lost = true
      await database.rows(
        sql`update rooms set expires_at = 0 where project_id = ${projectId} and owner = ${ownerId} and epoch = ${lease.epoch} returning 1 as done`,
      )
    },
    async stop() {
      stopping.abort()
      clearInterval(heartbeat)
      if (held.size > 0) await database.rows(sql`update rooms set expires_at = 0 where owner = ${ownerId} returning 1 as done`)
      held.clear()
    },
  }
}

/** Times are the database's own, so that the clocks of hosts do not matter. */
const nowMs = sql.raw(`(extract(epoch from clock_timestamp()) * 1000)::bigint`)

async function readRoom(database: Database, projectId: ProjectId): Promise<Row | undefined> {
  const rows = await database.rows<Row>(
    sql`select owner, epoch::float8 as epoch, (expires_at - ${nowMs})::float8 as remaining from rooms where project_id = ${projectId}`,
  )
  return rows[0]
}

/** @returns the new epoch, or undefined when somebody else was faster */
async function takeRoom(database: Database, projectId: ProjectId, owner: string, seen: number): Promise<number | undefined> {
  const [known] = await database.rows<{ found: number }>(sql`select 1 as found from projects where id = ${projectId}`)
  if (!known) throw new AppError('not_found', 'This project does not exist.')
  const rows = await database.rows<{ epoch: number }>(sql`
    insert into rooms (project_id, owner, epoch, expires_at) values (${projectId}, ${owner}, ${seen + 1}, ${nowMs} + ${leaseLimits.leaseMs}::bigint)
    on conflict (project_id) do update set owner = excluded.owner, epoch = rooms.epoch + 1, expires_at = excluded.expires_at
      where rooms.epoch = ${seen}
    returning epoch::float8 as epoch`)
  return rows[0]?.epoch
}

async function renew(database: Database, owner: string): Promise<Map<string, number>> {
  const rows = await database.rows<{ id: string; epoch: number }>(
    sql`update rooms set expires_at = ${nowMs} + ${leaseLimits.leaseMs}::bigint where owner = ${owner} returning project_id as id, epoch::float8 as epoch`,
  )
  return new Map(rows.map((row) => [row.id, row.epoch]))
}

/** An earlier process of this host, no longer running. One with our own pid was us in a former life. */
export function isDead(owner: string): boolean {
  const [host, pid] = owner.split(':')
  if (host !== hostname()) return false
  if (Number(pid) === process.pid) return true
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
