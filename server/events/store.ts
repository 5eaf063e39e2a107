import { and, eq, isNotNull, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Database, Db } from '../db/port.ts'
import { nowMs } from '../db/now.ts'
import { outboxLimits } from './limits.ts'
import { outbox } from './table.ts'

/** An event as stored, claimed by this process. */
export type Claimed = Pick<typeof outbox.$inferSelect, 'id' | 'projectId' | 'type' | 'payload' | 'requestId' | 'causedBy' | 'attempts'>

/** Of all that is undelivered, what to look at. */
export type Scope = { projectId: ProjectId } | { id: number } | 'all'

type Claimer = {
  me: string
  /** Of this process's data folder. */
  hostId: string | null
  /** What this process delivers just now. */
  underWay: readonly number[]
}

type NewEvent = Pick<typeof outbox.$inferInsert, 'projectId' | 'hostId' | 'type' | 'payload' | 'requestId' | 'causedBy'>

/** @returns its id */
export async function insertEvent(tx: Db, event: NewEvent): Promise<number> {
  const [row] = await tx
    .insert(outbox)
    .values({ ...event, createdAt: nowMs as SQL<number>, dueAt: nowMs as SQL<number> })
    .returning({ id: outbox.id })
  if (!row) throw new Error('the event was not stored')
  return row.id
}

/**
 * Takes what is due: of each project only its oldest, and nothing that another living process has taken. A process that says nothing any more
 * (`rooms/README.md`) has lost what it had taken.
 */
export async function claimDue(database: Database, { me, hostId, underWay }: Claimer, scope: Scope): Promise<Claimed[]> {
  const { attempts, claimedAtOnce } = outboxLimits
  const within = scope === 'all' ? sql`true` : 'id' in scope ? sql`o.id = ${scope.id}::bigint` : sql`o.project_id = ${scope.projectId}`
  const mine =
    underWay.length === 0
      ? sql`true`
      : sql`o.id not in (${sql.join(
          underWay.map((id) => sql`${id}::bigint`),
          sql`, `,
        )})`
  const rows = await database.rows<Claimed>(sql`
    with due as (
      select o.id from outbox o
      where o.delivered_at is null and o.attempts < ${attempts}::int and o.due_at <= ${nowMs} and ${within}
        and (o.host_id is null or o.host_id = ${hostId}::text)
        and ${mine}
        and (o.claimed_by is null or o.claimed_by = ${me}
          or not exists (select 1 from processes p where p.id = o.claimed_by and p.expires_at > ${nowMs}))
        and not exists (select 1 from outbox earlier where earlier.project_id = o.project_id and earlier.id < o.id
          and earlier.delivered_at is null and earlier.attempts < ${attempts}::int)
      order by o.id limit ${claimedAtOnce}::int for update of o skip locked)
    update outbox set attempts = outbox.attempts + 1, claimed_by = ${me} from due where outbox.id = due.id
    returning outbox.id::float8 as id, project_id as "projectId", type, payload, request_id as "requestId", caused_by as "causedBy", attempts`)
  return rows.toSorted((a, b) => a.id - b.id)
}

export async function markDelivered(db: Db, id: number): Promise<void> {
  await db
    .update(outbox)
    .set({ deliveredAt: nowMs as SQL<number> })
    .where(eq(outbox.id, id))
}

/** Lets it go, to be tried again by anybody. */
export async function postpone(db: Db, id: number, ms: number): Promise<void> {
  await db
    .update(outbox)
    .set({ claimedBy: null, dueAt: sql<number>`${nowMs} + ${ms}::bigint` })
    .where(eq(outbox.id, id))
}

/** What was delivered a day ago, and what was given up long ago. */
export async function removeOld(db: Db): Promise<void> {
  const { keptMs, givenUpKeptMs, attempts } = outboxLimits
  const delivered = and(isNotNull(outbox.deliveredAt), lt(outbox.deliveredAt, sql<number>`${nowMs} - ${keptMs}::bigint`))
  const givenUp = and(
    isNull(outbox.deliveredAt),
    sql`${outbox.attempts} >= ${attempts}::int`,
    lt(outbox.createdAt, sql<number>`${nowMs} - ${givenUpKeptMs}::bigint`),
  )
  await db.delete(outbox).where(or(delivered, givenUp))
}
