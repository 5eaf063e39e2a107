import { dirname, resolve } from 'node:path'
import { errnoOf, RpcError } from './connect.ts'
import { lstat, realpath, stat } from './disk.ts'
import { plainPath } from './names.ts'

/** The workspace, and the home of the one user. */
// oxlint-disable-next-line node/no-process-env -- the agent runs inside the sandbox, where its launch is the only configuration
export const home = process.env.ATRIUM_HOME ?? '/home/user'
const usualHome = '/home/user'

/** Files being written, before they take their name: never listed, never reported. */
export const unfinishedPrefix = '.atrium-unfinished-'

const within = (path: string, root: string) => path === root || path.startsWith(`${root}/`)

/** Without isolation the workspace is elsewhere; callers know it by its usual name. */
const atHome = (given: string) => (within(given, usualHome) ? `${home}${given.slice(usualHome.length)}` : given)

/**
 * An absolute path; a relative one starts at home. A path of the workspace must stay in it when its links are followed.
 * @throws RpcError `invalid_argument` for an empty path or a NUL; `permission_denied` for a link that leads out.
 */
export async function resolvePath(given: unknown): Promise<string> {
  if (typeof given !== 'string' || given === '' || given.includes('\0')) throw new RpcError('invalid_argument', 'a path is needed')
  const path = resolve(home, given.startsWith('~/') ? given.slice(2) : atHome(given))
  if (!given.startsWith('/') && !within(path, home)) throw new RpcError('permission_denied', 'the path leads out of the workspace')
  if (within(path, home)) {
    const real = await realpathOfExisting(dirname(path) === dirname(home) ? path : dirname(path))
    if (!within(real, await realpath(home))) throw new RpcError('permission_denied', 'the path leads out of the workspace')
  }
  return path
}

/** Like resolvePath, and the last part may not be a link that leads out either. For what reads or writes through it. */
export async function resolveTarget(given: unknown): Promise<string> {
  const path = await resolvePath(given)
  const link = await lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  )
  if (link && !(await realpath(path).catch(() => undefined))) throw new RpcError('not_found', 'the link leads nowhere')
  if (within(path, home) && !within(await realpathOfExisting(path), await realpath(home))) {
    throw new RpcError('permission_denied', 'the path leads out of the workspace')
  }
  return path
}

/**
 * A folder for a program to start in. Where it starts can be told as text alone.
 * @throws RpcError `invalid_argument` when there is none, or its name is no UTF-8
 */
export async function resolveFolder(given: unknown): Promise<string> {
  const folder = typeof given === 'string' && given !== '' ? await resolvePath(given) : home
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) throw new RpcError('invalid_argument', `no folder ${folder} to run in`)
  const plain = plainPath(folder)
  if (plain === undefined) throw new RpcError('invalid_argument', 'nothing can start in a folder whose name is no UTF-8: start above it, and use cd')
  return plain
}

/** The real path of the deepest part that exists. */
async function realpathOfExisting(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    try {
      return await realpath(at)
    } catch (thrown) {
      const code = errnoOf(thrown)
      if (code === 'ELOOP') throw new RpcError('invalid_argument', 'the path has a loop of links')
      if ((code !== 'ENOENT' && code !== 'ENOTDIR') || at === '/') throw thrown
      const isLink = await lstat(at).then(
        (stats) => stats.isSymbolicLink(),
        () => false,
      )
      // Nobody knows what is behind it, so it is not taken for something that is not there.
      if (isLink) throw new RpcError('not_found', 'a link on the way leads nowhere')
    }
  }
}
