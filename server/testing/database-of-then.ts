import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { drizzle as overEmbedded } from 'drizzle-orm/pglite'
import { migrate as migrateEmbedded } from 'drizzle-orm/pglite/migrator'
import { drizzle as overPostgres } from 'drizzle-orm/postgres-js'
import { migrate as migratePostgres } from 'drizzle-orm/postgres-js/migrator'
import { pino } from 'pino'
import postgres from 'postgres'
import { migrationsFolder } from '../db/migrations-folder.ts'
import { openDatabase } from '../db/open.ts'
import type { Database } from '../db/port.ts'
import { createPostgresDatabase, type DatabaseKind } from './database.ts'

/**
 * A database as an older version left it, opened by this one.
 * @param last the newest migration that version had
 * @param rows SQL of what stood in it
 */
export async function openDatabaseOfThen(
  kind: DatabaseKind,
  last: string,
  rows: readonly string[],
): Promise<{ database: Database; drop(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'atrium-before-'))
  const made = kind === 'postgres' ? await createPostgresDatabase({ empty: true }) : undefined
  const drop = async () => {
    await made?.drop()
    await rm(dataDir, { recursive: true, force: true })
  }
  try {
    const before = { migrationsFolder: await migrationsUpTo(dataDir, last) }
    if (made) {
      const client = postgres(made.url, { max: 1, onnotice: () => undefined })
      await migratePostgres(overPostgres(client), before)
      for (const row of rows) await client.unsafe(row)
      await client.end()
    } else {
      const client = new PGlite({ dataDir: join(dataDir, 'db') })
      await migrateEmbedded(overEmbedded(client), before)
      for (const row of rows) await client.exec(row)
      await client.close()
    }
    const database = await openDatabase({ databaseUrl: made?.url, dataDir }, pino({ level: 'silent' }))
    return {
      database,
      async drop() {
        await database.close()
        await drop()
      },
    }
  } catch (error) {
    await drop()
    throw error
  }
}

/** The migrations up to one, as a version of then had them. */
async function migrationsUpTo(folder: string, last: string): Promise<string> {
  const path = join(folder, 'migrations')
  await cp(migrationsFolder, path, { recursive: true })
  const journal = join(path, 'meta', '_journal.json')
  const { entries, ...rest } = JSON.parse(await readFile(journal, 'utf8')) as { entries: { tag: string }[] }
  const end = entries.findIndex(({ tag }) => tag === last)
  if (end < 0) throw new Error(`there is no migration ${last}`)
  await writeFile(journal, JSON.stringify({ ...rest, entries: entries.slice(0, end + 1) }))
  return path
}
