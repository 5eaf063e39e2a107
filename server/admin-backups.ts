import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import type { FolderCommand } from './admin/command-line.ts'
import { restoreBackup } from './backup/restore.ts'
import { createBackups } from './backup/service.ts'
import type { MadeBackup, Tell } from './backup/service.ts'
import { compareBackup, readManifest } from './backup/verify.ts'
import { systemClock } from './base/clock.ts'
import { readVersion } from './base/version.ts'
import type { Config } from './config.ts'
import { embeddedFolder } from './db/moved.ts'
import type { Database } from './db/port.ts'
import { openFolderAsIs, openPostgresAsIs } from './db/transfer/open.ts'
import { hostIdFile, readHostId } from './sandboxes/host-id.ts'
import { settleFolder, settleRows } from './sandboxes/restored.ts'
import { holdServer } from './start-server.ts'

const log = pino({ level: 'error' })
/** What happens here is told to whoever asked. */
const silent = pino({ level: 'silent' })

/** The database as it is, which no server works on until it is closed. @throws ConfigError when one does */
async function openAlone(config: Config): Promise<Database> {
  if (!config.databaseUrl) return openFolderAsIs(embeddedFolder(config.dataDir), log)
  const alone = await holdServer(config, log, { alone: true })
  try {
    const database = await openPostgresAsIs(config.databaseUrl)
    const close = async () => {
      await database.close()
      await alone?.release()
    }
    return { ...database, close }
  } catch (error) {
    await alone?.release()
    throw error
  }
}

/** A backup while no server runs: nobody has to wait. Nothing is brought to a newer schema. */
export async function backupAlone(config: Config, folder: string, tell: Tell): Promise<MadeBackup> {
  const { dataDir } = config
  const database = await openAlone(config)
  try {
    const home = () => readHostId(dataDir)
    const backups = createBackups({
      database,
      dataDir,
      version: await readVersion(),
      home,
      clock: systemClock,
      log: silent,
      hold: async () => () => undefined,
    })
    return await backups.make(folder, tell, new AbortController().signal)
  } finally {
    await database.close()
  }
}

/** @returns the exit code */
export async function runLocal(config: Config, asked: Exclude<FolderCommand, { command: 'move' }>, tell: Tell): Promise<number> {
  return asked.command === 'verify' ? verify(asked.backup, tell) : restore(config, asked, tell)
}

async function verify(backup: string, tell: Tell): Promise<number> {
  const manifest = await readManifest(backup)
  let differences = 0
  const entries = await compareBackup(backup, manifest, ({ what, name, how }) => {
    differences++
    tell(`${what} ${name} ${how}`)
  })
  if (differences === 0)
    tell(`${backup} is whole: ${manifest.database.tables.length} tables and ${entries.length} files, folders and links are what its manifest says.`)
  else tell(`${backup} differs from its manifest in ${differences} places.`)
  return differences === 0 ? 0 : 1
}

async function restore(config: Config, { backup, takeOver }: Extract<FolderCommand, { command: 'restore' }>, tell: Tell): Promise<number> {
  const { dataDir } = config
  // A copy beside what it is of is another one, which must not pass for it.
  const made = randomUUID()
  const newHome = (home: string) => (takeOver ? home : made)
  const manifest = await restoreBackup(
    {
      dataDir,
      openDatabase: () => openAlone(config),
      async settleFiles({ home }) {
        await settleFolder(dataDir)
        await writeFile(join(dataDir, hostIdFile), newHome(home), { mode: 0o600, flush: true })
      },
      settleRows: (database, tx, { home }) => settleRows(database, tx, { home, newHome: newHome(home), takesOver: takeOver }),
    },
    backup,
    tell,
  )
  tell(
    `${backup} is restored into ${dataDir}${config.databaseUrl ? ' and the database of DATABASE_URL' : ''}. Start the server with the same settings.`,
  )
  if (manifest.cloud.length > 0) tell(tellCloud(manifest.cloud.length, takeOver))
  if (existsSync(join(dataDir, 'sandboxes')) && manifest.leftOut.count > 0)
    tell(`The backup lacks ${manifest.leftOut.count} files, which its manifest names.`)
  return 0
}

const tellCloud = (count: number, takeOver: boolean) =>
  takeOver
    ? `${count} rooms use their sandboxes in E2B's cloud on. No other server may do so any more.`
    : `${count} rooms had sandboxes in E2B's cloud. They get new ones, with the files that were last copied; the old ones are left to where the backup is from.`
