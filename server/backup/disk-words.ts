import { statfs } from 'node:fs/promises'
import { AppError } from '#shared/base/errors.ts'
import { TargetError } from '../base/copy-file.ts'

const words: Record<string, string> = {
  ENOSPC: 'there is not enough space',
  EDQUOT: 'there is not enough space for this user',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'nothing can be written there',
  ENOTDIR: 'it is no folder',
  EEXIST: 'it is no folder',
  ENOENT: 'no folder can be made there',
  EIO: 'the disk fails',
  EFBIG: 'a file is larger than it takes',
  ENAMETOOLONG: 'a name is longer than it takes',
  EINVAL: 'it does not take such names',
}
/** Whoever fills a disk does not always hear so. */
const hardlyAnyBytes = 16 * 1024 * 1024

/** What went wrong with the folder, in one line where that is known; else the error as it is. */
export async function inWords(error: unknown, folder: string): Promise<unknown> {
  if (error instanceof AppError) return error
  const { code, syscall } = ((error instanceof TargetError && error.cause) || error) as NodeJS.ErrnoException
  const known = syscall === undefined ? undefined : words[code ?? '']
  const why = known ?? ((await isFull(folder)) ? words.ENOSPC : undefined)
  return why === undefined ? error : new AppError('unavailable', `${folder} cannot be written: ${why}.`, { cause: error })
}

async function isFull(folder: string): Promise<boolean> {
  const free = await statfs(folder).catch(() => undefined)
  return free !== undefined && free.bavail * free.bsize < hardlyAnyBytes
}
