import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** How long a committed transaction may live only in the operating system's memory. */
const intervalMs = 1000

/**
 * PGlite writes to files and never asks the system to put them on the disk. This does: the write-ahead log every second,
 * and, when a checkpoint has passed, the tables it wrote too, because the log before it is then gone.
 */
export function createDiskSync(folder: string) {
  let dirty = false
  let busy: Promise<void> = Promise.resolve()
  let lastCheckpoint = 0
  const synced = new Map<string, number>()

  async function syncFile(path: string): Promise<void> {
    const { mtimeMs } = await stat(path)
    if (synced.get(path) === mtimeMs) return
    const file = await open(path, 'r')
    try {
      await file.datasync()
    } finally {
      await file.close()
    }
    synced.set(path, mtimeMs)
  }

  async function syncFolder(path: string, deep: boolean): Promise<void> {
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const child = join(path, entry.name)
      // A file may be removed while this runs: then there is nothing to keep.
      if (entry.isFile()) await syncFile(child).catch(ignoreGone)
      else if (deep && entry.isDirectory()) await syncFolder(child, true).catch(ignoreGone)
    }
  }

  const later = (work: () => Promise<void>) => (busy = busy.then(work, work))

  async function tick(): Promise<void> {
    if (!dirty) return
    dirty = false
    const checkpoint = (await stat(join(folder, 'global/pg_control'))).mtimeMs
    await syncFolder(join(folder, 'pg_wal'), false)
    if (checkpoint === lastCheckpoint) return
    await syncFolder(folder, true)
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
      return later(() => syncFolder(folder, true))
    },
  }
}

function ignoreGone(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}
