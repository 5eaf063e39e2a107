import { constants } from 'node:fs'
import { chmod, mkdir, open, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { AppError } from '#shared/base/errors.ts'
import { createCopier } from '../base/copy-file.ts'
import { makeFolder } from '../base/make-folder.ts'
import { pathIn } from '../base/mirror.ts'
import { ConfigError } from '../config.ts'
import { migrationsFolder } from '../db/migrations-folder.ts'
import { refuseNewer } from '../db/newer-schema.ts'
import type { Database, Db } from '../db/port.ts'
import { readerIn } from '../db/transfer/catalog.ts'
import { refuseUnlessEmpty } from '../db/transfer/empty.ts'
import { importTables } from '../db/transfer/import.ts'
import { migrateTo } from '../db/transfer/schema.ts'
import { restoreMark } from './data-folder.ts'
import { inWords } from './disk-words.ts'
import { digestFile, inBatches, syncFolder } from './files.ts'
import { names, noBackup, textOf } from './format.ts'
import type { FileEntry, Manifest } from './format.ts'
import { readLines } from './lines.ts'
import type { Tell } from './service.ts'
import { compareBackup, readManifest } from './verify.ts'
import type { Difference } from './verify.ts'

type Target = Pick<Database, 'rows' | 'transaction' | 'close'>

export type RestoreDeps = {
  dataDir: string
  /** Opens the database to restore into, as it is, and sees to it that no server works on it. The data folder is there then. */
  openDatabase(): Promise<Target>
  /** Makes what was put there this folder's own: files first, then rows, in the transaction that brings them. */
  settleFiles(manifest: Manifest): Promise<void>
  settleRows(database: Pick<Database, 'rows'>, tx: Db, manifest: Manifest): Promise<void>
}

/**
 * Brings a backup into an empty data folder and an empty database, all of it or nothing. Everything is compared with the manifest before and after.
 * @throws AppError `invalid_input` for a backup that is not whole; ConfigError when something is there already, or is newer
 */
export async function restoreBackup(deps: RestoreDeps, backup: string, tell: Tell): Promise<Manifest> {
  const manifest = await readManifest(backup)
  refuseNewer(manifest.database.schema, 'What is in this backup')
  await refuseUnlessEmptyFolder(deps.dataDir)
  tell(`backup of ${new Date(manifest.madeAt).toISOString()}: comparing everything with its manifest`)
  const entries = await compared(backup, manifest)
  const undo: (() => Promise<unknown>)[] = []
  try {
    await put(deps, backup, manifest, entries, tell, undo)
    return manifest
  } catch (error) {
    for (const step of undo.toReversed()) await step()
    throw await inWords(error, deps.dataDir)
  }
}

async function refuseUnlessEmptyFolder(path: string): Promise<void> {
  const found = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new ConfigError(`${path} is no folder that can be used (${error.code}).`)
  })
  if (found.filter(isOfSomebody).length > 0) throw new ConfigError(`The data folder ${path} is not empty. Set ATRIUM_DATA_DIR to one that is.`)
}
/** Filesystems make the other. */
const isOfSomebody = (name: string) => name !== 'lost+found'

async function compared(backup: string, manifest: Manifest): Promise<FileEntry[]> {
  const differences: Difference[] = []
  const entries = await compareBackup(backup, manifest, (one) => differences.push(one))
  if (differences.length === 0) return entries
  const some = differences.slice(0, 5).map(({ what, name, how }) => `the ${what} ${name} ${how}`)
  throw noBackup(`${some.join('; ')}${differences.length > some.length ? `; and ${differences.length - some.length} more, which verify names` : ''}`)
}

async function put(
  deps: RestoreDeps,
  backup: string,
  manifest: Manifest,
  entries: FileEntry[],
  tell: Tell,
  undo: (() => Promise<unknown>)[],
): Promise<void> {
  const { dataDir } = deps
  const made = await makeFolder(dataDir)
  undo.push(() => (made === undefined ? emptyFolder(dataDir) : rm(made, { recursive: true, force: true })))
  const mark = join(dataDir, restoreMark)
  // No server starts on it as long as this is there.
  await writeFile(mark, backup, { flag: 'wx', mode: 0o600 })
  let database: Target | undefined
  try {
    database = await deps.openDatabase()
    const target = database
    await target.transaction(async (tx) => refuseUnlessEmpty(await readerIn(target, tx)))
    await putFiles(join(backup, names.files), dataDir, entries)
    tell(`files: ${entries.length} with folders and links`)
    await deps.settleFiles(manifest)
    await putRows(deps, target, join(backup, names.database), manifest, tell)
  } finally {
    await database?.close()
  }
  await rm(mark)
  await syncFolder(dataDir)
}

async function emptyFolder(path: string): Promise<void> {
  for (const name of (await readdir(path)).filter(isOfSomebody)) await rm(join(path, name), { recursive: true, force: true, maxRetries: 3 })
}

/** Each is compared as it is when it is there. */
async function putFiles(from: string, to: string, entries: FileEntry[]): Promise<void> {
  const copy = createCopier()
  const folders = entries.filter((entry) => entry.kind === 'folder')
  for (const { path } of folders) await mkdir(pathIn(to, path), { mode: 0o700 })
  const files = entries.filter((entry) => entry.kind === 'file')
  const putOne = async ({ path, mode, changedAt, size, sha256 }: (typeof files)[number]) => {
    const source = await open(pathIn(from, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const target = pathIn(to, path)
    try {
      await copy(source, target)
    } finally {
      await source.close()
    }
    const is = await digestFile(target, { sync: true })
    if (is?.size !== size || is.sha256 !== sha256) throw new AppError('unavailable', `${textOf(path)} is not what was written: the disk fails.`)
    await utimes(target, changedAt / 1000, changedAt / 1000)
    await chmod(target, mode)
  }
  await inBatches(files, putOne, () => undefined)
  // Nothing was written through a link, since there were none.
  for (const entry of entries) if (entry.kind === 'link') await symlink(Buffer.from(entry.target, 'latin1'), pathIn(to, entry.path))
  for (const { path, mode } of folders.toReversed()) {
    await syncFolder(pathIn(to, path))
    await chmod(pathIn(to, path), mode)
  }
}

/** In one transaction: the rows as they were, then brought to this version's schema, then made this folder's own. */
async function putRows(deps: RestoreDeps, target: Target, path: string, manifest: Manifest, tell: Tell): Promise<void> {
  const newest = Math.max(...readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis))
  const transaction: Target['transaction'] = (work) =>
    target.transaction(async (tx) => {
      const result = await work(tx)
      await migrateTo(await readerIn(target, tx), newest)
      await deps.settleRows(target, tx, manifest)
      return result
    })
  const source = (sink: (lines: readonly string[]) => Promise<void> | void) => readLines(path, sink)
  const digests = await importTables(source, { rows: target.rows, transaction }, ({ table, rows }) => rows > 0 && tell(`rows: ${table}, ${rows}`))
  if (digests.length !== manifest.database.tables.length) throw noBackup('its tables changed meanwhile')
  if (manifest.database.schema < newest) tell('the schema was brought from that of the backup to that of this version')
}
