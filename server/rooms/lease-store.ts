import { type SQL, sql } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { nowMs } from '../db/now.ts'
import type { Database } from '../db/port.ts'
import { leaseLimits } from './limits.ts'
import type { Lease } from './port.ts'
import type { ProcessFacts, ProcessIdentity } from './process-identity.ts'

/** Rows of processes that ended without a word are kept this long. */
const forgottenMs = 3_600_000

/** Joins `host`: the process that runs the room's sandbox, if that process lives. */
const hostOf = (room: SQL) => sql`
  left join sandboxes on sandboxes.project_id = ${room} and sandboxes.provider = 'local'
  left join processes host on host.host_id = sandboxes.host_id and host.expires_at > ${nowMs}`

/** A room of this process; `host` is the process that its sandbox lives with. */
export type OwnRoom = { room: ProjectId; epoch: number; host: ProcessIdentity | null }

/** What a process hears when it says that it lives: its rooms, as far as they are its own still, and where the others are reached that live. */
export type Heard = { own: OwnRoom[]; others: string[] }

/** Says that this process lives. */
export async function beat(database: Database, { id, machine, pid }: ProcessIdentity, { url, hostId }: ProcessFacts): Promise<Heard> {
  const [heard] = await database.rows<Heard>(sql`
    with alive as (
      insert into processes (id, machine, pid, url, host_id, expires_at)
      values (${id}, ${machine}, ${pid}, ${url}, ${hostId}, ${nowMs} + ${leaseLimits.leaseMs}::bigint)
      on conflict (id) do update set expires_at = excluded.expires_at, url = excluded.url),
    own as (select leases.project_id as room, epoch, case when host.id is not null then json_build_object('id', host.id, 'machine', host.machine, 'pid', host.pid) end as host from leases ${hostOf(sql`leases.project_id`)} where owner = ${id}),
    others as (select url from processes where id <> ${id} and url <> '' and expires_at > ${nowMs})
    select (select coalesce(json_agg(own), '[]') from own) as own, (select coalesce(json_agg(url), '[]') from others) as others`)
  return heard ?? { own: [], others: [] }
}

type Alive = ProcessIdentity & { url: string; remaining: number }

/**
 * Whose a room is, as stored: `process` is undefined when that process has ended, or never was. `host` is the one that its sandbox lives with.
 */
export type StoredLease = { owner: string; epoch: number; process: Alive | undefined; host: Alive | undefined }

/** @throws AppError `not_found` when there is no such project */
export async function readLease(database: Database, projectId: ProjectId): Promise<StoredLease> {
  type Row = { owner: string | null; epoch: number | null } & Record<'process' | 'host', Alive | null>
  const facts = (name: SQL) =>
    sql`case when ${name}.id is not null then json_build_object('id', ${name}.id, 'machine', ${name}.machine, 'pid', ${name}.pid, 'url', ${name}.url, 'remaining', ${name}.expires_at - ${nowMs}) end`
  const [row] = await database.rows<Row>(sql`
    select owner, epoch::float8 as epoch, ${facts(sql`owning`)} as process, ${facts(sql`host`)} as host
    from projects left join leases on leases.project_id = projects.id left join processes owning on owning.id = leases.owner
    ${hostOf(sql`projects.id`)} where projects.id = ${projectId}`)
  if (!row) throw new AppError('not_found', 'This project does not exist.')
  return { owner: row.owner ?? '', epoch: row.epoch ?? 0, process: row.process ?? undefined, host: row.host ?? undefined }
}

/** @returns the new epoch, or undefined when somebody else was faster. */
export async function takeLease(database: Database, projectId: ProjectId, owner: string, seen: number): Promise<number | undefined> {
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
