import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** How long a committed transaction may live only in the operating system's memory. */
const intervalMs = 1000
/** Waiting for the disk is what takes the time. */
const atOnce = 16

/**
 * PGlite writes to files and never asks the system to put them on the disk. This does: the write-ahead log every second,
 * and, when a checkpoint has passed, the tables it wrote too, because the log before it is then gone. Files that have not
 * changed since `since` (epoch ms) are taken to be on the disk.
 */
export function createDiskSync(folder: string, since: number) {
  let dirty = false
  let busy: Promise<void> = Promise.resolve()
  let lastCheckpoint = since
  const synced = new Map<string, number>()

  async function syncFile(path: string): Promise<void> {
    const { mtimeMs } = await stat(path)
    if (mtimeMs <= since || synced.get(path) === mtimeMs) return
    const file = await open(path, 'r')
    try {
      await file.datasync()
    } finally {
      await file.close()
    }
    synced.set(path, mtimeMs)
  }

  async function syncFiles(paths: string[]): Promise<void> {
    for (let from = 0; from < paths.length; from += atOnce) {
      // A file may be removed while this runs: then there is nothing to keep.
      await Promise.all(paths.slice(from, from + atOnce).map((path) => syncFile(path).catch(ignoreGone)))
    }
  }

  async function filesIn(path: string, deep: boolean): Promise<string[]> {
    const entries = await readdir(path, { withFileTypes: true, recursive: deep })
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  }

  const later = (work: () => Promise<void>) => (busy = busy.then(work, work))
  const syncEverything = async () => syncFiles(await filesIn(folder, true))

  async function tick(): Promise<void> {
    if (!dirty) return
    dirty = false
    const checkpoint = (await stat(join(folder, 'global/pg_control'))).mtimeMs
    await syncFiles(await filesIn(join(folder, 'pg_wal'), false))
    if (checkpoint <= lastCheckpoint) return
    await syncEverything()
    lastCheckpoint = checkpoint
  }

  const timer = setInterval(() => void later(tick).catch(ignoreGone), intervalMs)
  timer.unref()

  return {
    touched(): void {
      dirty = true
    },
    /** Everything is on the disk when this resolves; the clock stops. */
    everything(): Promise<void> {
      clearInterval(timer)
      return later(syncEverything)
    },
  }
}

function ignoreGone(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}
