import { sql } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { nowMs } from '../db/now.ts'
import type { Database, Db } from '../db/port.ts'
import type { Lease } from './port.ts'
import { isGone, type ProcessIdentity } from './process-identity.ts'

/** Thrown by a write whose lease is no longer the room's. */
export class Deposed extends AppError {
  constructor() {
    super('unavailable', 'another server process has this room now')
  }
}

/** For a `with`: the room's row, locked against a change of owner until the statement commits; no row when it changed already. */
export const holding = (lease: Lease) =>
  sql`lease as (select project_id from leases where project_id = ${lease.projectId} and owner = ${lease.owner} and epoch = ${lease.epoch} for share)`

/** Inside a transaction: keeps the room's owner from changing until it commits. @throws Deposed */
export async function fence(database: Database, tx: Db, lease: Lease): Promise<void> {
  const rows = await database.rows(sql`with ${holding(lease)} select 1 as held from lease`, tx)
  if (rows.length === 0) throw new Deposed()
}

/** Whether another process that lives has the room. */
export async function isInOtherProcess(database: Database, projectId: ProjectId, me: ProcessIdentity): Promise<boolean> {
  const [owner] = await database.rows<ProcessIdentity>(sql`
    select processes.id, machine, pid from leases join processes on processes.id = leases.owner
    where project_id = ${projectId} and owner <> ${me.id} and expires_at > ${nowMs}`)
  return owner !== undefined && !isGone(owner, me)
}

/** The other processes that live. One that was killed on this machine is known at once, any other when its heartbeat has run out. */
export async function otherProcesses(database: Database, me: ProcessIdentity, on?: Db): Promise<ProcessIdentity[]> {
  const rows = await database.rows<ProcessIdentity>(sql`select id, machine, pid from processes where id <> ${me.id} and expires_at > ${nowMs}`, on)
  return rows.filter((one) => !isGone(one, me))
}
