import { createHash, randomUUID } from 'node:crypto'
import { constants, existsSync, readFileSync, readdirSync } from 'node:fs'
import { cp, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { startEmbedded } from '../db/embedded-client.ts'
import { embeddedDatabase, migrateEmbedded } from '../db/embedded.ts'
import { openDatabase } from '../db/open.ts'
import { migrationsFolder } from '../db/migrations-folder.ts'
import type { Database } from '../db/port.ts'
import { openPostgres } from '../db/postgres.ts'
import { clusterUrl, templateDatabase } from './postgres-cluster.ts'

export type DatabaseKind = Database['kind']

const log = pino({ level: 'silent' })

/** An empty database of the newest schema, of its own. Whoever opens it closes it. */
export function openTestDatabase(kind: DatabaseKind): Promise<Database> {
  return kind === 'embedded' ? openTestEmbedded() : openTestPostgres()
}

async function openTestEmbedded(): Promise<Database> {
  return embeddedDatabase(await startEmbedded({ folder: undefined, backups: undefined, template: await embeddedTemplate() }, log))
}

/** A dump of an empty migrated database, made once for each state of the migrations and kept beside other temporary files. */
async function embeddedTemplate(): Promise<string> {
  const path = join(tmpdir(), `atrium-test-template-${migrationsHash()}.tar`)
  if (existsSync(path)) return path
  const client = await startEmbedded({ folder: undefined, backups: undefined, template: undefined }, log)
  await migrateEmbedded(client)
  await client.dump(path)
  await client.close()
  return path
}

/** Puts a migrated embedded database into an empty data directory: a server starts on it without making one. */
export async function seedDataDir(dataDir: string): Promise<void> {
  const template = join(tmpdir(), `atrium-test-template-${migrationsHash()}`)
  if (!existsSync(template)) {
    const draft = await mkdtemp(join(tmpdir(), 'atrium-test-draft-'))
    const database = await openDatabase({ databaseUrl: undefined, dataDir: draft }, log)
    await database.close()
    // Another process may have been faster: then its copy is as good.
    await rename(draft, template).catch(() => rm(draft, { recursive: true, force: true }))
  }
  await cp(join(template, 'db'), join(dataDir, 'db'), { recursive: true, mode: constants.COPYFILE_FICLONE })
}

function migrationsHash(): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(migrationsFolder).toSorted()) {
    if (name.endsWith('.sql')) hash.update(readFileSync(join(migrationsFolder, name)))
  }
  return hash.digest('hex').slice(0, 16)
}

async function openTestPostgres(): Promise<Database> {
  const { url, drop } = await createPostgresDatabase()
  const database = await openPostgres(url)
  return {
    ...database,
    async close() {
      await database.close()
      await drop()
    },
  }
}

/** A database in the run's cluster, migrated unless it is to be empty, for what opens it by its address. */
export async function createPostgresDatabase({ empty = false } = {}): Promise<{ url: string; drop: () => Promise<void> }> {
  const cluster = await clusterUrl()
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const admin = async (statement: string) => {
    const { default: postgres } = await import('postgres')
    const client = postgres(`${cluster}/postgres`, { max: 1, onnotice: () => undefined })
    await client.unsafe(statement)
    await client.end()
  }
  await admin(`create database ${name} template ${empty ? 'template0' : templateDatabase}`)
  return { url: `${cluster}/${name}`, drop: () => admin(`drop database if exists ${name} with (force)`) }
}
