import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '#shared/base/errors.ts'
import { createLogger } from '../base/logger.ts'
import type { Logger } from '../base/logger.ts'
import { ConfigError } from '../config.ts'
import type { Config } from '../config.ts'
import { problemOfDatabaseUrl } from '../db/database-url.ts'
import { databaseTrouble, postgresError } from '../db/errors.ts'
import { takeLock } from '../db/lock.ts'
import { patchPostgresJs } from '../db/patch-postgres-js.ts'
import { embeddedFolder, putAside, refuseMoved } from '../db/moved.ts'
import type { Database } from '../db/port.ts'
import { hasContent } from '../db/transfer/empty.ts'
import { digestTables, exportTables } from '../db/transfer/export.ts'
import type { TableDigest } from '../db/transfer/format.ts'
import { importTables } from '../db/transfer/import.ts'
import { openFolderAsIs, openPostgresAsIs } from '../db/transfer/open.ts'

type Say = (line: string) => void

/**
 * Takes the content of the data folder's embedded database to an empty Postgres, and puts the embedded one aside. Until everything is there and
 * was compared, Postgres keeps nothing and the embedded one is as it was.
 * @throws ConfigError, AppError in words without an address: it holds a password
 */
export async function moveToPostgres(config: Pick<Config, 'dataDir' | 'databaseUrl'>, to: string | undefined, say: Say): Promise<void> {
  const { dataDir } = config
  const target = targetOf(config, to)
  const log = createLogger('error')
  if (!existsSync(join(embeddedFolder(dataDir), 'PG_VERSION'))) {
    refuseMoved(dataDir)
    throw new ConfigError(`There is no embedded database in ${dataDir} to move. Run this with the ATRIUM_DATA_DIR of the server.`)
  }
  const unlock = lockFolder(dataDir)
  try {
    const digests = await copy(embeddedFolder(dataDir), target, log, say)
    const rows = digests.reduce((sum, digest) => sum + digest.rows, 0)
    say(`${digests.length} tables with ${rows} rows are in Postgres, equal by their digests.`)
    const aside = await putAside(dataDir, new Date()).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException
      throw new ConfigError(
        `The content is in Postgres now, but ${embeddedFolder(dataDir)} could not be put aside (${code}). Rename it before the next start.`,
      )
    })
    say(`The embedded database was put aside: ${aside}`)
    say('From now on start the server with DATABASE_URL, on the same data folder: sandboxes and their files stay there.')
  } finally {
    unlock()
  }
}

type Target = { url: string; called: string }

function targetOf({ databaseUrl }: Pick<Config, 'databaseUrl'>, to: string | undefined): Target {
  if (to !== undefined && databaseUrl !== undefined && to !== databaseUrl) {
    throw new ConfigError('--to and DATABASE_URL name different databases. Give one of them.')
  }
  if (databaseUrl !== undefined) return { url: databaseUrl, called: 'DATABASE_URL' }
  if (to === undefined) throw new ConfigError('Where to? Set DATABASE_URL to the address of an empty Postgres database, or give it with --to.')
  const problem = problemOfDatabaseUrl(to)
  if (problem) throw new ConfigError(`--to ${problem}.`)
  return { url: to, called: '--to' }
}

/** Against every server on this data folder: one on the embedded database, and one that has another. */
function lockFolder(dataDir: string): () => void {
  const unlockServer = takeLock(join(dataDir, 'server.lock'))
  try {
    const unlock = takeLock(`${embeddedFolder(dataDir)}.lock`)
    return () => {
      unlock()
      unlockServer()
    }
  } catch (error) {
    unlockServer()
    throw error
  }
}

async function copy(folder: string, { url, called }: Target, log: Logger, say: Say): Promise<TableDigest[]> {
  const from = await openFolderAsIs(folder, log, { locked: true })
  try {
    patchPostgresJs()
    const { holdDatabase } = await import('../db/one-server.ts')
    const held = await holdDatabase(url, log, { called })
    const into = await openPostgresAsIs(url)
    try {
      return await copyInto(from, into, say)
    } catch (error) {
      throw inWords(error, called)
    } finally {
      await into.close()
      await held.release()
    }
  } finally {
    await from.close()
  }
}

/** One whose end was cut off after everything was there is only brought to its end. */
async function copyInto(from: Database, into: Database, say: Say): Promise<TableDigest[]> {
  const tell = ({ table, rows, sha256 }: TableDigest) => say(`${table}  ${rows} rows  ${sha256.slice(0, 16)}`)
  if (await hasContent(into)) {
    const [ours, theirs] = [await digestTables(from), await digestTables(into)]
    if (JSON.stringify(ours) === JSON.stringify(theirs)) return ours
  }
  return importTables((sink) => exportTables(from, sink), into, tell)
}

/** The drivers' own errors name statements and rows, which are nobody's to read here. */
function inWords(error: unknown, called: string): unknown {
  if (error instanceof ConfigError || error instanceof AppError) return error
  const trouble = databaseTrouble(error)
  if (trouble !== undefined) return new AppError('unavailable', `${trouble} Nothing was moved.`)
  const said = postgresError(error)?.message
  return said === undefined ? error : new ConfigError(`${called} cannot be used: ${said.replace(/\.$/, '')}. Nothing was moved.`)
}
