import type { BytePath } from '../base/mirror.ts'
import { isPutAside } from '../db/moved.ts'

/** Of the top of the data folder: what a backup has in another form, or what is of a running process. */
const notTaken = new Set([
  // In the backup as rows.
  'db',
  // Earlier states of it.
  'backups',
  // The socket of `npm run admin`.
  'admin',
  // A restored folder is another one.
  'sandbox-host-id',
  // Made by filesystems.
  'lost+found',
])

/** Of a restore that has not ended. */
export const restoreMark = 'restore-under-way'

/** Locks, and drafts of them: `db.lock`, `server.lock.123.…`. */
const lock = /^[a-z-]+\.lock(\.|$)/

/** Files that will have another name when they are whole: records and copies of workspaces, and uploads into one. */
const unfinished = [/^sandboxes\/[^/]+\/sandbox\.json\.\d+$/, /^copies\/[^/]+\.(tgz|json)\.\d+$/]
const unfinishedUpload = '.atrium-unfinished-'

/** Sandboxes that are being removed. */
const removed = /^sandboxes\/[^/]+\.removed(\/|$)/

/** Whether a backup has what is at this path of the data folder. What nobody knows is taken. */
export function isTaken(path: BytePath, isFolder: boolean): boolean {
  const parts = path.split('/')
  const [top = ''] = parts
  if (notTaken.has(top) || isPutAside(top) || top === restoreMark || lock.test(top) || removed.test(path)) return false
  if (isFolder) return true
  return !(top === 'sandboxes' && parts.at(-1)?.startsWith(unfinishedUpload)) && !unfinished.some((form) => form.test(path))
}
