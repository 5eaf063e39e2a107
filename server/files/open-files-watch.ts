import type { ProjectId } from '#shared/base/ids.ts'
import type { FilePath, FolderPath } from '#shared/files/path.ts'
import type { Logger } from '../base/logger.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import { createFolderWatches } from './folder-watches.ts'
import type { LiveFile } from './live-file.ts'
import { watchShared } from './shared-watch.ts'

const watchRetryMs = 1_000

const folderOf = (path: FilePath) => path.split('/').slice(0, -1).join('/') as FolderPath

/** A folder that came, went or was moved is told as a change of the one it is in. */
const isConcerned = (path: FilePath, changed: ReadonlySet<string>) => {
  const parts = path.split('/').slice(0, -1)
  return parts.some((_, at) => changed.has(parts.slice(0, at).join('/'))) || changed.has(parts.join('/'))
}

type Deps = { sandboxes: Sandboxes; files: ReadonlyMap<FilePath, LiveFile>; isRunning(): Promise<boolean>; log: Logger }

/** Has open files looked at when the disk changes, as long as there are any and the sandbox runs. */
export function createOpenFilesWatch(projectId: ProjectId, { sandboxes, files, isRunning, log }: Deps) {
  const single = createFolderWatches(changedIn)
  const sandbox = () => sandboxes.get(projectId)
  let unwatch: (() => Promise<void>) | undefined
  let watching = false
  let stopped = false

  function changedIn(folders: FolderPath[]): void {
    const changed = new Set<string>(folders)
    for (const file of files.values()) if (isConcerned(file.path, changed)) file.look()
  }

  async function begin(): Promise<void> {
    if (watching || stopped || files.size === 0) return
    watching = true
    try {
      if (!(await isRunning())) throw new Error('the sandbox does not run')
      const stop = await watchShared(await sandbox(), changedIn, ended)
      if (stopped || files.size === 0) return await stop()
      unwatch = stop
      for (const file of files.values()) void include(file.path)
      for (const file of files.values()) file.look()
    } catch (error) {
      watching = false
      log.debug({ err: error }, 'the disk is not watched for open files')
    }
  }

  function ended(): void {
    unwatch = undefined
    watching = false
    void single.removeAll()
    setTimeout(() => void begin(), watchRetryMs).unref()
  }

  /** The file's folder is watched by itself where the watch of everything leaves it out. */
  async function include(path: FilePath): Promise<void> {
    if (unwatch) await single.add(folderOf(path), sandbox)
  }

  return {
    begin,
    include,
    isWatching: () => watching,
    /** Until `begin`. */
    async end(): Promise<void> {
      const stop = unwatch
      unwatch = undefined
      watching = false
      await Promise.all([stop?.().catch(() => undefined), single.removeAll()])
    },
    /** For ever. */
    stop(): void {
      stopped = true
    },
  }
}
