import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { z } from 'zod'
import { ConfigError } from '../../config.ts'
import { migrationsFolder } from '../migrations-folder.ts'
import { refuseNewer } from '../newer-schema.ts'
import type { Read } from './catalog.ts'

const Newest = z.object({ at: z.coerce.number().nullable() })

/** The newest migration of a database, by its time in the journal; undefined when it has none. */
export async function schemaOf(read: Read): Promise<number | undefined> {
  const [found] = await read(sql`select to_regclass('drizzle.__drizzle_migrations') is not null as made`)
  if (found?.made !== true) return undefined
  const [row] = await read(sql`select max(created_at)::text as at from drizzle.__drizzle_migrations`)
  return Newest.parse(row).at ?? undefined
}

/**
 * Brings a database to the migration of the time `to`, inside of the transaction of `read`: Drizzle's migrator knows only the newest one and
 * needs a transaction of its own. It writes what that would have written.
 * @throws ConfigError when this version does not know that migration, or when the database is beyond it
 */
export async function migrateTo(read: Read, to: number): Promise<void> {
  refuseNewer(to, 'What is to be taken over')
  const migrations = readMigrationFiles({ migrationsFolder })
  if (!migrations.some(({ folderMillis }) => folderMillis === to))
    throw new ConfigError('What is to be taken over has a schema that no version of Atrium has had.')
  const at = (await schemaOf(read)) ?? 0
  if (at > to) throw new ConfigError('The database has a newer schema than what is to be taken over. Give it one that nothing has used yet.')
  await read(sql`create schema if not exists drizzle`)
  await read(sql`create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`)
  for (const { folderMillis, hash, sql: statements } of migrations) {
    if (folderMillis <= at || folderMillis > to) continue
    for (const statement of statements) await read(sql.raw(statement))
    await read(sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${folderMillis})`)
  }
}
