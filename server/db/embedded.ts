import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import type { Logger } from '../base/logger.ts'
import { startEmbedded } from './embedded-client.ts'
import type { EmbeddedClient } from './embedded-client.ts'
import { takeLock } from './lock.ts'
import { migrationsFolder } from './migrations-folder.ts'
import { refuseNewerSchema } from './newer-schema.ts'
import type { Database, Db, PgliteLike } from './port.ts'

/** PGlite in `<dataDir>/db`, brought to the newest schema. @throws ConfigError when another process has it open. */
export async function openEmbedded(dataDir: string, log: Logger): Promise<Database> {
  const folder = join(dataDir, 'db')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const unlock = takeLock(`${folder}.lock`)
  try {
    const client = await startEmbedded({ folder, backups: join(dataDir, 'backups'), template: undefined }, log)
    const database = embeddedDatabase(client, unlock)
    const upgrade = refuseNewerSchema(async (statement) => (await client.query(statement)).rows as Record<string, unknown>[]).then(() =>
      migrateEmbedded(client),
    )
    await upgrade.catch(async (error: unknown) => {
      await database.close()
      throw error
    })
    return database
  } catch (error) {
    unlock()
    throw error
  }
}

/** Drizzle calls only what EmbeddedClient has. */
const overDrizzle = (client: EmbeddedClient) => drizzle(client as unknown as PGlite)

export const migrateEmbedded = (client: EmbeddedClient) => migrate(overDrizzle(client), { migrationsFolder })

/** The port over a started embedded database. */
export function embeddedDatabase(client: EmbeddedClient, afterClose: () => void = () => undefined): Database {
  const db = overDrizzle(client) as unknown as Db
  return {
    db,
    kind: 'embedded',
    rows: async <T extends Record<string, unknown>>(query: Parameters<Database['rows']>[0], on: Db = db) => {
      const result = (await on.execute(query)) as { rows: T[] }
      return result.rows
    },
    transaction: (work) => db.transaction((tx) => work(tx as unknown as Db)),
    jobs: { kind: 'embedded', pglite: { query: client.query, exec: client.exec } as PgliteLike },
    load: () => ({ ...client.load(), most: 1 }),
    onFailed: client.onFailed,
    async close() {
      await client.close()
      afterClose()
    },
  }
}
