import { constants } from 'node:fs'
import { chmod, copyFile, open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** The copy cannot be written, as against what is copied. */
export class TargetError extends Error {
  constructor(cause: unknown) {
    super((cause as Error).message, { cause })
  }
}

/** @throws TargetError for whatever `work` throws */
export async function inTarget<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof TargetError ? error : new TargetError(error)
  }
}

const chunkBytes = 1024 * 1024

/**
 * Copies open files to paths, where the filesystem can by sharing their blocks. Holes stay holes: a file may say that it is far larger
 * than the disk. A copy is for this user alone; what fails leaves none. @returns the bytes that were written
 */
export function createCopier(): (file: FileHandle, target: Buffer) => Promise<number> {
  let canClone = process.platform === 'linux'

  async function clone(file: FileHandle, target: Buffer): Promise<boolean> {
    try {
      await copyFile(`/proc/self/fd/${file.fd}`, target, constants.COPYFILE_FICLONE_FORCE)
      await chmod(target, 0o600)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw new TargetError(error)
      canClone = false
      return false
    }
  }

  return async (file, target) => {
    if (canClone && (await clone(file, target))) return 0
    try {
      return await copyBytes(file, target)
    } catch (error) {
      await inTarget(() => rm(target, { force: true }))
      throw error
    }
  }
}

async function copyBytes(file: FileHandle, target: Buffer): Promise<number> {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants
  const copy = await inTarget(() => open(target, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600))
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes)
    let size = 0
    let written = 0
    while (true) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, size)
      if (bytesRead === 0) break
      const chunk = buffer.subarray(0, bytesRead)
      const at = size
      if (!isZero(chunk)) {
        await inTarget(() => writeAll(copy, chunk, at))
        written += bytesRead
      }
      size += bytesRead
    }
    const whole = size
    await inTarget(() => copy.truncate(whole))
    return written
  } finally {
    await copy.close()
  }
}

async function writeAll(file: FileHandle, chunk: Buffer, at: number): Promise<void> {
  for (let from = 0; from < chunk.length;) from += (await file.write(chunk, from, chunk.length - from, at + from)).bytesWritten
}

const zeros = Buffer.alloc(chunkBytes)
const isZero = (chunk: Buffer) => chunk.equals(chunk.length === chunkBytes ? zeros : zeros.subarray(0, chunk.length))
