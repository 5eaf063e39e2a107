import { sql } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { Database } from '../db/port.ts'
import { leaseLimits } from './limits.ts'
import type { Lease } from './port.ts'
import type { ProcessIdentity } from './process-identity.ts'

/** Times are the database's own, so that the clocks of machines do not matter. */
const nowMs = sql.raw(`(extract(epoch from clock_timestamp()) * 1000)::bigint`)

/** Rows of processes that ended without a word are kept this long. */
const forgottenMs = 3_600_000

/** Says that this process lives. @returns the epochs of its rooms, as far as they are its own still */
export async function beat(database: Database, { id, machine, pid }: ProcessIdentity, url: string): Promise<Map<string, number>> {
  const rows = await database.rows<{ room: string; epoch: number }>(sql`
    with alive as (
      insert into processes (id, machine, pid, url, expires_at) values (${id}, ${machine}, ${pid}, ${url}, ${nowMs} + ${leaseLimits.leaseMs}::bigint)
      on conflict (id) do update set expires_at = excluded.expires_at, url = excluded.url)
    select project_id as room, epoch::float8 as epoch from leases where owner = ${id}`)
  return new Map(rows.map(({ room, epoch }) => [room, epoch]))
}

/** Whose a room is, as stored: `process` is undefined when that process has ended, or never was. */
export type StoredLease = { owner: string; epoch: number; process: (ProcessIdentity & { url: string; remaining: number }) | undefined }

export async function readLease(database: Database, projectId: ProjectId): Promise<StoredLease | undefined> {
  type Row = { owner: string; epoch: number; machine: string | null; pid: number; url: string; remaining: number }
  const [row] = await database.rows<Row>(sql`
    select owner, epoch::float8 as epoch, machine, pid, url, (expires_at - ${nowMs})::float8 as remaining
    from leases left join processes on processes.id = leases.owner where project_id = ${projectId}`)
  if (!row) return undefined
  const { owner, epoch, machine, pid, url, remaining } = row
  return { owner, epoch, process: machine === null ? undefined : { id: owner, machine, pid, url, remaining } }
}

/** @returns the new epoch, or undefined when somebody else was faster. @throws AppError `not_found` when there is no such project */
export async function takeLease(database: Database, projectId: ProjectId, owner: string, seen: number): Promise<number | undefined> {
  const [known] = await database.rows<{ found: number }>(sql`select 1 as found from projects where id = ${projectId}`)
  if (!known) throw new AppError('not_found', 'This project does not exist.')
  const rows = await database.rows<{ epoch: number }>(sql`
    insert into leases (project_id, owner, epoch) values (${projectId}, ${owner}, ${seen + 1})
    on conflict (project_id) do update set owner = excluded.owner, epoch = leases.epoch + 1, people = excluded.people where leases.epoch = ${seen}
    returning epoch::float8 as epoch`)
  return rows[0]?.epoch
}

export async function giveBack(
  database: Database,
  { projectId, owner, epoch }: { projectId: ProjectId; owner: string; epoch: number },
): Promise<void> {
  await database.rows(
    sql`update leases set owner = '', people = '[]' where project_id = ${projectId} and owner = ${owner} and epoch = ${epoch} returning 1 as done`,
  )
}

/** Who is in a room, as its owner says it. */
export async function writePeople(database: Database, { projectId, owner, epoch }: Lease, people: readonly UserId[]): Promise<void> {
  await database.rows(
    sql`update leases set people = ${JSON.stringify(people)}::jsonb where project_id = ${projectId} and owner = ${owner} and epoch = ${epoch} returning 1 as done`,
  )
}

/** Who is in which of these rooms, as far as their owners live. */
export async function readPeople(database: Database, projectIds: readonly ProjectId[]): Promise<Map<ProjectId, UserId[]>> {
  if (projectIds.length === 0) return new Map()
  const ids = sql.join(
    projectIds.map((id) => sql`${id}`),
    sql`, `,
  )
  const rows = await database.rows<{ room: ProjectId; people: UserId[] }>(sql`
    select project_id as room, people from leases join processes on processes.id = leases.owner
    where people <> '[]' and expires_at > ${nowMs} and project_id in (${ids})`)
  return new Map(rows.map(({ room, people }) => [room, people]))
}

/** This process ends: its rooms are free at once. */
export async function endProcess(database: Database, id: string): Promise<void> {
  await database.rows(sql`delete from processes where id = ${id} or expires_at < ${nowMs} - ${forgottenMs}::bigint returning 1 as done`)
}
