import type { Stats } from 'node:fs'
import { lstat, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'

/** Begins the folder of a host's sockets, and of a probe: what `mkdtemp` makes of it is six characters longer. */
export const socketFolderPrefix = 'atrium-'
export const probeFolderPrefix = 'atrium-probe-'
/** The host listens on it as long as it lives. */
export const egressSocketName = 'egress.sock'

/** Far more than a probe takes, or a host between its folder and its socket. */
const certainlyOverMs = 60 * 60_000
/** A socket that is there and not yet listened on refuses too, for a moment. */
const listenMs = 5000

/**
 * Removes what killed hosts and probes of this user left in a folder for temporary files. Nobody answers on the socket
 * of a host that is dead, whichever process, container or start of the machine it belonged to; anything else stays.
 */
export async function sweepLeftovers(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const path = join(root, name)
    try {
      const stats = await lstat(path)
      if (!stats.isDirectory() || stats.uid !== process.getuid?.()) continue
      if (await isAbandoned(path, name, stats)) await rm(path, { recursive: true, force: true })
    } catch (thrown) {
      // Another host swept it first, or part of it is not this user's.
      if (!['ENOENT', 'EACCES', 'EPERM', 'ENOTEMPTY'].includes(String((thrown as NodeJS.ErrnoException).code))) throw thrown
    }
  }
}

const madeWith = (prefix: string, name: string) => name.startsWith(prefix) && /^[A-Za-z0-9]{6}$/.test(name.slice(prefix.length))

async function isAbandoned(path: string, name: string, stats: Stats): Promise<boolean> {
  const old = Date.now() - stats.mtimeMs > certainlyOverMs
  if (madeWith(probeFolderPrefix, name)) return old
  if (!madeWith(socketFolderPrefix, name)) return false
  const inside = await readdir(path)
  if (inside.includes(egressSocketName)) return isDead(join(path, egressSocketName))
  return old && inside.every((one) => one === 'etc')
}

async function isDead(socketPath: string): Promise<boolean> {
  const stats = await lstat(socketPath)
  return stats.isSocket() && Date.now() - stats.mtimeMs > listenMs && (await isRefused(socketPath))
}

/** Only a socket on which nobody listens refuses; whatever else happens, somebody may. */
function isRefused(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = connect(socketPath)
    asked.once('connect', () => {
      asked.destroy()
      resolve(false)
    })
    asked.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
  })
}
