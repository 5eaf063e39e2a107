import { readMigrationFiles } from 'drizzle-orm/migrator'
import { ConfigError } from '../config.ts'
import { migrationsFolder } from './migrations-folder.ts'

/** Rows of a query in plain SQL. */
type Query = (statement: string) => Promise<Record<string, unknown>[]>

/**
 * An older server would work on a schema that it does not know, and could damage what the newer one keeps.
 * @throws ConfigError when the database has a migration from after this server's last one
 */
export async function refuseNewerSchema(query: Query): Promise<void> {
  const [made] = await query(`select to_regclass('drizzle.__drizzle_migrations') is not null as made`)
  if (made?.made !== true) return
  const [row] = await query('select max(created_at)::text as newest from drizzle.__drizzle_migrations')
  refuseNewer(Number(row?.newest ?? 0), 'The database')
}

/** @throws ConfigError when the schema of `what`, by the time of its newest migration, is newer than this version's */
export function refuseNewer(newest: number, what: string): void {
  const known = Math.max(...readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis))
  if (newest <= known) return
  throw new ConfigError(
    `${what} was made by a newer Atrium: its schema is of ${day(newest)}, and this version knows none after ${day(known)}. Start that version, or restore a backup of before.`,
  )
}

const day = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ')
