import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '#shared/base/errors.ts'
import { pathIn } from '../base/mirror.ts'
import type { BytePath } from '../base/mirror.ts'
import { OtherLine } from '../db/transfer/format.ts'
import { digestFile, inBatches } from './files.ts'
import { createListReader, names, noBackup, parseManifest, textOf } from './format.ts'
import type { FileEntry, Manifest } from './format.ts'
import { readLines } from './lines.ts'

const maxManifestBytes = 64 * 1024 * 1024

/** @throws AppError `unavailable` in words for what the system says of reading it */
async function reading<T>(backup: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    throw syscall === undefined ? error : new AppError('unavailable', `${backup} cannot be read (${code}).`, { cause: error })
  }
}

/** @throws AppError `invalid_input` when there is none, or it is none; `unavailable` when it cannot be read */
export const readManifest = (backup: string): Promise<Manifest> => reading(backup, () => manifestOf(backup))

async function manifestOf(backup: string): Promise<Manifest> {
  const path = join(backup, names.manifest)
  let file
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw code === 'EACCES' ? error : noBackup(`there is no ${path}`)
  }
  try {
    const stats = await file.stat()
    if (!stats.isFile() || stats.size > maxManifestBytes) throw noBackup(`${path} is too large`)
    return parseManifest(await file.readFile('utf8'))
  } finally {
    await file.close()
  }
}

export type Difference = { what: 'table' | 'file'; name: string; how: string }

/**
 * Reads everything in a backup and compares it with its manifest. @param differs told of each difference
 * @returns the entries of its list
 * @throws AppError `invalid_input` when its lists themselves cannot be believed; `unavailable` when it cannot be read
 */
export const compareBackup = (backup: string, manifest: Manifest, differs: (one: Difference) => void): Promise<FileEntry[]> =>
  reading(backup, async () => {
    await compareDatabase(join(backup, names.database), manifest.database, differs)
    const listed = await readList(backup, manifest)
    await compareFiles(join(backup, names.files), listed, differs)
    return listed
  })

async function readList(backup: string, { files }: Manifest): Promise<FileEntry[]> {
  const read = createListReader()
  const entries: FileEntry[] = []
  const take = (lines: string[]) => {
    if (entries.length + lines.length > files.entries) throw noBackup(`its ${names.list} has more lines than it should`)
    for (const line of lines) entries.push(read(line))
  }
  const found = await readLines(join(backup, names.list), take).catch(unlessMissing(names.list))
  if (found.sha256 !== files.sha256 || entries.length !== files.entries) throw noBackup(`its ${names.list} is not the one that was written`)
  return entries
}

function unlessMissing(name: string) {
  return (error: NodeJS.ErrnoException): never => {
    throw error.code === 'ENOENT' || error.code === 'ELOOP' ? noBackup(`its ${name} is missing`) : error
  }
}

/** Table by table, so that it is known which one was changed. */
async function compareDatabase(path: string, meant: Manifest['database'], differs: (one: Difference) => void): Promise<void> {
  const found = new Map<string, { rows: number; sha256: string }>()
  let hash = createHash('sha256')
  let rows = 0
  let table: string | undefined
  const close = () => {
    if (table !== undefined) found.set(table, { rows, sha256: hash.digest('hex') })
    table = undefined
  }
  const all = await readLines(path, (lines) => {
    for (const line of lines) {
      if (line.startsWith('[')) {
        hash.update(`${line}\n`)
        rows++
        continue
      }
      const other = parseOther(line)
      if (other !== undefined && 'table' in other) {
        close()
        table = other.table
        hash = createHash('sha256')
        rows = 0
      } else if (other !== undefined && 'end' in other) close()
    }
  }).catch(unlessMissing(names.database))
  close()
  let differences = 0
  const tell = (name: string, how: string) => {
    differences++
    differs({ what: 'table', name, how })
  }
  for (const { table: name, rows: count, sha256 } of meant.tables) {
    const is = found.get(name)
    if (!is) tell(name, 'is missing')
    else if (is.rows !== count) tell(name, `has ${is.rows} rows instead of ${count}`)
    else if (is.sha256 !== sha256) tell(name, 'has other rows')
  }
  for (const name of found.keys()) if (!meant.tables.some((one) => one.table === name)) tell(name, 'is not in the manifest')
  if (differences === 0 && (all.sha256 !== meant.sha256 || all.bytes !== meant.bytes)) {
    differs({ what: 'file', name: names.database, how: 'was changed between its tables' })
  }
}

function parseOther(line: string) {
  try {
    return OtherLine.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

async function compareFiles(folder: string, entries: FileEntry[], differs: (one: Difference) => void): Promise<void> {
  const tell = (path: BytePath, how: string) => differs({ what: 'file', name: textOf(path), how })
  const look = async (entry: FileEntry) => ({ entry, is: entry.kind === 'file' ? await digestFile(pathIn(folder, entry.path)) : undefined })
  await inBatches(entries, look, (looked) => {
    for (const { entry, is } of looked) {
      if (entry.kind !== 'file') continue
      if (!is) tell(entry.path, 'is missing')
      else if (is.size !== entry.size) tell(entry.path, `has ${is.size} bytes instead of ${entry.size}`)
      else if (is.sha256 !== entry.sha256) tell(entry.path, 'has other content')
    }
  })
  // Links are in the list alone.
  const listed = new Map(entries.filter(({ kind }) => kind !== 'link').map(({ path, kind }) => [path, kind]))
  const found = await walk(folder, '', (path, isFolder) => {
    const kind = listed.get(path)
    if (kind === undefined) tell(path, 'is not in the manifest')
    else if ((kind === 'folder') !== isFolder) tell(path, `is no ${kind}`)
    return kind !== undefined
  })
  for (const { path, kind } of entries) if (kind === 'folder' && !found.has(path)) tell(path, 'is missing')
}

/** No link is followed. @returns the folders */
async function walk(root: string, path: BytePath, each: (path: BytePath, isFolder: boolean) => boolean): Promise<Set<BytePath>> {
  const folders = new Set<BytePath>()
  const waiting = [path]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const here = at
    const entries = await readdir(here === '' ? root : pathIn(root, here), { withFileTypes: true, encoding: 'buffer' }).catch(noneIfMissing)
    for (const entry of entries) {
      const name = entry.name.toString('latin1')
      const full = here === '' ? name : `${here}/${name}`
      if (!each(full, entry.isDirectory()) || !entry.isDirectory()) continue
      folders.add(full)
      waiting.push(full)
    }
  }
  return folders
}

function noneIfMissing(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
  throw error
}
