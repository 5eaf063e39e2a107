import type { FolderPath } from '#shared/files/path.ts'

/** Changes are told together: the first after silence almost at once, later ones at most this often. */
const firstMs = 10
const coalesceMs = 60
const mostFolders = 1000

/** Folders that changed, until they are told. Nothing is told after `stop`. */
export function createChangedFolders(tell: (folders: FolderPath[]) => void) {
  const waiting = new Set<FolderPath>()
  let timer: NodeJS.Timeout | undefined
  let toldAt = Number.NEGATIVE_INFINITY
  let stopped = false

  function tellAll(): void {
    timer = undefined
    toldAt = performance.now()
    const folders = [...waiting]
    waiting.clear()
    tell(folders)
  }

  return {
    get stopped() {
      return stopped
    },
    add(folder: FolderPath): void {
      if (stopped) return
      // So many at once that the whole is looked at anew.
      if (waiting.size >= mostFolders) waiting.clear()
      waiting.add(folder)
      timer ??= setTimeout(tellAll, Math.max(firstMs, toldAt + coalesceMs - performance.now()))
    },
    stop(): void {
      stopped = true
      clearTimeout(timer)
    },
  }
}
