import type { Stats } from 'node:fs'
import { basename, join } from 'node:path'
import type { Message } from './connect.ts'
import { errnoOf, RpcError } from './connect.ts'
import { lstat, readdir, readlink, stat } from './disk.ts'
import { unfinishedPrefix } from './paths.ts'

const typeOf = (stats: Stats) =>
  stats.isDirectory() ? 'FILE_TYPE_DIRECTORY' : stats.isFile() ? 'FILE_TYPE_FILE' : stats.isSymbolicLink() ? 'FILE_TYPE_SYMLINK' : undefined

const permissionsOf = (mode: number) => Array.from('rwxrwxrwx', (letter, at) => (mode & (1 << (8 - at)) ? letter : '-')).join('')

/** `filesystem.EntryInfo`. A link has its target's type and size, and `symlinkTarget`. Undefined for a socket, pipe or device. */
export async function describeEntry(path: string): Promise<Message | undefined> {
  const own = await lstat(path)
  const link = own.isSymbolicLink()
  const stats = link ? await stat(path).catch(() => own) : own
  const type = typeOf(stats)
  if (!type) return undefined
  return {
    name: basename(path),
    type,
    path,
    size: String(stats.size),
    mode: stats.mode & 0o7777,
    permissions: permissionsOf(stats.mode),
    owner: 'user',
    group: 'user',
    modifiedTime: own.mtime.toISOString(),
    ...(link && { symlinkTarget: await readlink(path) }),
  }
}

/** A folder with more entries than this is listed up to it: an answer has to end. */
const maxEntries = 200_000

export async function listEntries(folder: string, depth: number): Promise<Message[]> {
  if (!(await stat(folder)).isDirectory()) throw new RpcError('invalid_argument', 'not a folder')
  const found: Message[] = []
  const visit = async (path: string, left: number): Promise<void> => {
    const names = (await readdir(path)).filter((name) => !name.startsWith(unfinishedPrefix)).sort()
    for (let at = 0; at < names.length && found.length < maxEntries; at += 256) {
      const batch = await Promise.all(names.slice(at, at + 256).map((name) => describeEntry(join(path, name)).catch(ignoreGone)))
      for (const entry of batch) {
        if (!entry) continue
        found.push(entry)
        if (left > 1 && entry.type === 'FILE_TYPE_DIRECTORY' && entry.symlinkTarget === undefined) {
          await visit(String(entry.path), left - 1).catch(ignoreGone)
        }
      }
    }
  }
  await visit(folder, depth)
  return found
}

/** It went away between listing and looking, or may not be looked at. */
function ignoreGone(thrown: unknown): undefined {
  if (['ENOENT', 'EACCES', 'ENOTDIR', 'ELOOP'].includes(errnoOf(thrown))) return undefined
  throw thrown
}
