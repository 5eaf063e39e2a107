import { sql } from 'drizzle-orm'
import type { Database, Db } from '../db/port.ts'

type Row = { kind: 'run' | 'approval' | 'job'; state: string; count: number; /** Epoch seconds of the oldest. */ since: number | null }
export type Stored = { rows: readonly Row[]; /** By `performance.now()`. */ at: number }

type Pace = { /** How long a scrape waits for it. */ withinMs: number; /** How long it is good for other scrapes. */ freshMs: number }
const usualPace: Pace = { withinMs: 1_500, freshMs: 1_000 }

/**
 * What only the database knows: runs, approvals and jobs by state. At most one look at a time, which Postgres ends by itself; one that
 * takes too long is not waited for, and until it ends there is no other.
 */
export function createStored(database: Pick<Database, 'rows' | 'transaction' | 'kind'>, { withinMs, freshMs } = usualPace) {
  let newest: Stored = { rows: [], at: performance.now() }
  let known = false
  let looking: Promise<void> | undefined

  async function look(): Promise<void> {
    const rows = await database.transaction((tx) => read(database, tx, withinMs))
    newest = { rows, at: performance.now() }
    known = true
  }

  return {
    /** What is known, of the last look that succeeded. */
    newest: (): Stored => newest,
    /** Looks again, unless it was just done. Never throws. @returns false when there is nothing newer, in time */
    async refresh(): Promise<boolean> {
      if (known && performance.now() - newest.at < freshMs) return true
      looking ??= look().finally(() => (looking = undefined))
      const late = Promise.withResolvers<boolean>()
      const timer = setTimeout(() => late.resolve(false), withinMs)
      const done = looking.then(
        () => true,
        () => false,
      )
      return Promise.race([done, late.promise]).finally(() => clearTimeout(timer))
    },
  }
}

async function read(database: Pick<Database, 'rows' | 'kind'>, tx: Db, withinMs: number): Promise<Row[]> {
  // The embedded one has no clock to end a query by.
  if (database.kind === 'postgres') await tx.execute(sql`select set_config('statement_timeout', ${String(withinMs)}, true)`)
  const [jobs] = await database.rows<{ there: boolean }>(sql`select to_regclass('jobs.job') is not null as there`, tx)
  const rows = await database.rows<Row>(
    sql`
      select 'run' as kind, status as state, count(*)::int as count, null::float8 as since
        from runs where status in ('queued', 'running', 'waiting', 'paused') group by status
      union all
      select 'approval', status, count(*)::int, min(created_at)::float8 / 1000 from approvals where status = 'pending' group by status`,
    tx,
  )
  return jobs?.there ? [...rows, ...(await database.rows<Row>(jobStates, tx))] : rows
}

/** The queue's own tables. What is planned for later is told from what should have been begun. */
const jobStates = sql`
  select 'job' as kind, state, count(*)::int as count, extract(epoch from min(since))::float8 as since from (
    select case when state in ('created', 'retry') and start_after > now() then 'planned' when state = 'created' then 'waiting' else state::text end as state,
      case when state = 'active' then started_on else start_after end as since from jobs.job) as job
  group by state`
