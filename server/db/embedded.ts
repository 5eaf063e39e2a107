import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import { pino } from 'pino'
import type { Logger } from '../base/logger.ts'
import { runPlanned } from './after-commit.ts'
import { startEmbedded } from './embedded-client.ts'
import type { EmbeddedClient } from './embedded-client.ts'
import { takeLock } from './lock.ts'
import { migrationsFolder } from './migrations-folder.ts'
import { embeddedFolder, refuseMoved } from './moved.ts'
import { refuseNewerSchema } from './newer-schema.ts'
import { embeddedSnapshot } from './embedded-snapshot.ts'
import type { Database, Db, PgliteLike } from './port.ts'

/** PGlite in `<dataDir>/db`, brought to the newest schema. @throws ConfigError when another process has it open, or its content was moved. */
export async function openEmbedded(dataDir: string, log: Logger): Promise<Database> {
  refuseMoved(dataDir)
  const { database, client } = await startFolder(embeddedFolder(dataDir), log, { backups: join(dataDir, 'backups') })
  try {
    await refuseNewerSchema(async (statement) => (await client.query(statement)).rows as Record<string, unknown>[])
    await migrateEmbedded(client)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

type FolderOptions = {
  /** Where copies go; none are made without. */
  backups?: string
  /** Transactions may take any time. */
  patient?: boolean
  /** The caller holds the lock. */
  locked?: boolean
}

/** PGlite in a folder, as it is; the folder is made when there is none. @throws ConfigError when another process has it open. */
export const openFolder = async (folder: string, log: Logger, options: FolderOptions): Promise<Database> =>
  (await startFolder(folder, log, options)).database

async function startFolder(folder: string, log: Logger, { backups, patient = false, locked = false }: FolderOptions) {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const unlock = locked ? () => undefined : takeLock(`${folder}.lock`)
  try {
    const client = await startEmbedded({ folder, backups, template: undefined }, log, patient ? longestMs : undefined)
    return { client, database: embeddedDatabase(client, unlock) }
  } catch (error) {
    unlock()
    throw error
  }
}

/** The longest time of a timer: 24 days. */
const longestMs = 2 ** 31 - 1

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
    transaction: (work) => runPlanned((planned) => db.transaction((tx) => planned(tx as unknown as Db)), work),
    snapshot: (aside) => embeddedSnapshot(client, aside, (folder) => openFolder(folder, pino({ level: 'silent' }), { patient: true })),
    jobs: { kind: 'embedded', pglite: { query: client.query, exec: client.exec } as PgliteLike },
    load: () => ({ ...client.load(), most: 1 }),
    onFailed: client.onFailed,
    async close() {
      await client.close()
      afterClose()
    },
  }
}
