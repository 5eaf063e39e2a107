import type { SQL } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'

/** A handle for queries: the database itself, or an open transaction. The same for Postgres and the embedded database. */
export type Db = PgDatabase<PgQueryResultHKT>

/**
 * An open database. On the embedded one there is a single connection: inside `transaction`'s callback use only `tx`, a
 * query on `db` there waits for ever.
 */
export type Database = {
  db: Db
  kind: 'postgres' | 'embedded'
  /** Runs raw SQL and hands back its rows, whatever the driver's shape of a result. */
  rows<T extends Record<string, unknown>>(query: SQL, on?: Db): Promise<T[]>
  /** `afterCommit` (after-commit.ts) plans within it what follows its commit. */
  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>
  /** For a backup; `aside` is where it may put a folder, which is not there yet. Nothing happens before `prepare`. */
  snapshot(aside: string): Snapshot
  /** What a job queue needs to work on the same database: an address of its own, or the embedded connection. */
  jobs: { kind: 'postgres'; url: string; /** Connections. */ most: number } | { kind: 'embedded'; pglite: PgliteLike }
  /**
   * Hears what is told on a channel, by a connection of its own, as long as that lasts. Undefined on the embedded database, which one process has.
   * @returns what ends it
   */
  listen?: ((channel: string, hear: (message: string) => void) => Promise<() => Promise<void>>) | undefined
  /** How busy it is now, without asking it. */
  load(): DatabaseLoad
  /**
   * Ends every connection: what waits for an answer that will not come fails, and further queries have new ones. Absent on the embedded
   * database, which has none.
   */
  reconnect?: (() => void) | undefined
  /** Called once when the database has died and this process can only end. */
  onFailed: (listener: (error: Error) => void) => void
  close(): Promise<void>
}

/** Connections that serve a query or a transaction, of how many, and what waits for one. */
export type DatabaseLoad = { inUse: number; most: number; waiting: number }

/** The whole database as it is at one moment, for a reader that takes its time. In this order; `discard` whatever happened. */
export type Snapshot = {
  /** While everybody goes on: what makes `take` short. */
  prepare(): Promise<void>
  /** The moment. On the embedded database others wait until it resolves; on Postgres nobody does. */
  take(): Promise<void>
  /** As it was then. */
  open(): Promise<Frozen>
  discard(): Promise<void>
}

/** A database that nobody writes to, as it was left: it may be of an older schema. */
export type Frozen = Pick<Database, 'rows' | 'transaction'>

/** The part of PGlite's interface that the embedded database offers; `exec` runs several statements. */
export type PgliteLike = {
  query: <T = unknown>(query: string, params?: unknown[]) => Promise<{ rows: T[] }>
  exec: (query: string) => Promise<{ rows: unknown[] }[]>
}
