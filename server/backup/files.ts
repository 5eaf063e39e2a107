import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

const chunkBytes = 1024 * 1024
/** Waiting for the disk is what takes the time. */
const atOnce = 8

/** Undefined for what is no plain file, or is not there. @param sync it is on the disk then */
export async function digestFile(path: Buffer | string, { sync = false } = {}): Promise<{ size: number; sha256: string } | undefined> {
  let file
  try {
    file = await open(path, (sync ? constants.O_RDWR : constants.O_RDONLY) | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'EISDIR' || code === 'ENXIO') return undefined
    throw error
  }
  try {
    if (!(await file.stat()).isFile()) return undefined
    const hash = createHash('sha256')
    const buffer = Buffer.allocUnsafe(chunkBytes)
    let size = 0
    while (true) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, size)
      if (bytesRead === 0) break
      hash.update(buffer.subarray(0, bytesRead))
      size += bytesRead
    }
    if (sync) await file.datasync()
    return { size, sha256: hash.digest('hex') }
  } finally {
    await file.close()
  }
}

/** The names in a folder are on the disk when this resolves. */
export async function syncFolder(path: Buffer | string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await folder.sync()
  } catch (error) {
    // Some filesystems do not take it for folders.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error
  } finally {
    await folder.close()
  }
}

/** Some at a time, in order. */
export async function inBatches<T, R>(
  all: readonly T[],
  work: (one: T) => Promise<R>,
  each: (results: R[]) => Promise<void> | void,
  signal?: AbortSignal,
) {
  for (let from = 0; from < all.length; from += atOnce) {
    signal?.throwIfAborted()
    await each(await Promise.all(all.slice(from, from + atOnce).map(work)))
  }
}
