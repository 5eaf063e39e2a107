import type { SQL } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'

/** A handle for queries: the database itself, or an open transaction. The same for Postgres and the embedded database. */
export type Db = PgDatabase<PgQueryResultHKT, Record<string, never>>

/**
 * An open database. On the embedded one there is a single connection: inside `transaction`'s callback use only `tx`, a
 * query on `db` there waits for ever.
 */
export type Database = {
  db: Db
  kind: 'postgres' | 'embedded'
  /** Runs raw SQL and hands back its rows, whatever the driver's shape of a result. */
  rows<T extends Record<string, unknown>>(query: SQL, on?: Db): Promise<T[]>
  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>
  close(): Promise<void>
}
