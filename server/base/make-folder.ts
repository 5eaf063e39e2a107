import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder and those it is in, for this user alone. One after another: `recursive` never returns where the system takes no
 * folders, as in `/proc`. @returns the uppermost that was made
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  const missing: string[] = []
  for (let folder = path; !(await isFolder(folder)); folder = dirname(folder)) missing.unshift(folder)
  for (const folder of missing) await mkdir(folder, { mode: 0o700 }).catch(unlessThere)
  return missing[0]
}

/** False when there is nothing. @throws when there is something else */
async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR', syscall: 'mkdir' })
}

/** Another start may make it at the same moment. */
function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
