import { constants } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { below, pathIn } from './byte-path.ts'
import type { BytePath } from './byte-path.ts'

/** Entries of one folder that are looked at together. */
const atOnce = 8
/** Deeper, and with longer paths, a copy could not be written. */
const most = { depth: 200, pathBytes: 3000 }

type Visitor = {
  /**
   * Of each entry, the path by which it is opened and the one below the root. @returns whether what is in it comes next: only for a
   * folder. Several at once for one folder.
   */
  visit(source: Buffer, path: BytePath): Promise<boolean>
  /** It could not be read, or is not taken. */
  leaveOut(path: BytePath, why: string): void
  signal?: AbortSignal | undefined
}

/**
 * Visits everything below a folder, folders before what is in them. No link is followed, also when somebody puts one in the place of a
 * folder meanwhile: on Linux every name is looked up in the folder that was opened.
 * @throws what `visit` throws, unless it says that an entry cannot be read; whatever aborted `signal`. Nothing is visited any more then
 */
export async function walkFolder(root: string, visitor: Visitor): Promise<void> {
  const folder = await open(root, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await walk(root, folder, '', 0, visitor)
  } finally {
    await folder.close()
  }
}

async function walk(root: string, folder: FileHandle, path: BytePath, depth: number, visitor: Visitor): Promise<void> {
  const at = process.platform === 'linux' ? `/proc/self/fd/${folder.fd}` : pathIn(root, path)
  const names = (await readdir(at, { encoding: 'buffer' })).map((name) => name.toString('latin1')).toSorted()
  const folders: BytePath[] = []
  const look = async (name: BytePath) => {
    const full = below(path, name)
    if (full.length > most.pathBytes) return visitor.leaveOut(full, 'its path is too long')
    try {
      if (await visitor.visit(pathIn(at, name), full)) folders.push(name)
    } catch (error) {
      noteUnreadable(full, error, visitor)
    }
  }
  for (let first = 0; first < names.length; first += atOnce) {
    visitor.signal?.throwIfAborted()
    // Nothing is visited any more when this throws.
    for (const one of await Promise.allSettled(names.slice(first, first + atOnce).map(look))) if (one.status === 'rejected') throw one.reason
  }
  for (const name of folders) await walkInto(root, pathIn(at, name), below(path, name), depth + 1, visitor)
}

async function walkInto(root: string, source: Buffer, path: BytePath, depth: number, visitor: Visitor): Promise<void> {
  if (depth > most.depth) return visitor.leaveOut(path, 'it is too deep')
  let folder: FileHandle
  try {
    folder = await open(source, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  } catch (error) {
    return noteUnreadable(path, error, visitor)
  }
  try {
    await walk(root, folder, path, depth, visitor)
  } finally {
    await folder.close()
  }
}

function noteUnreadable(path: BytePath, error: unknown, visitor: Visitor): void {
  const why = whyUnreadable(error)
  if (why !== undefined) visitor.leaveOut(path, why)
}

/** Undefined when it went away, or something else took its place: the next walk sees what. @throws `error` when it says nothing of the entry */
export function whyUnreadable(error: unknown): string | undefined {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ELOOP':
      return undefined
    case 'EACCES':
    case 'EPERM':
      return 'it may not be read'
    case 'EIO':
      return 'the disk cannot read it'
    default:
      throw error
  }
}
