import type { FSWatcher } from 'node:fs'
import { watch } from './disk.ts'

/** Folders one watch may hold; the kernel's inotify watches are shared by everybody. */
const maxFolders = 4000

/** The kernel's watches of one tree, one for each folder. */
export function createFolderWatches(root: string, changed: (folder: string, kind: string, name: string) => void) {
  const watchers = new Map<string, FSWatcher>()

  /** A folder, and all below it. */
  function forget(folder: string): void {
    for (const [path, watcher] of watchers) {
      if (path !== folder && !path.startsWith(`${folder}/`)) continue
      watcher.close()
      watchers.delete(path)
    }
  }

  return {
    forget,
    /** @returns whether it is watched since now. @throws Error when the root cannot be watched */
    add(folder: string): boolean {
      if (watchers.has(folder) || watchers.size >= maxFolders) return false
      try {
        const watcher = watch(folder, (kind, name) => changed(folder, kind, name))
        watchers.set(folder, watcher)
        watcher.on('error', () => forget(folder))
        return true
      } catch (thrown) {
        // Gone meanwhile, or the kernel has no watches left: the upper folders, added first, are still seen.
        if (folder === root) throw thrown
        return false
      }
    },
    close(): void {
      for (const watcher of watchers.values()) watcher.close()
      watchers.clear()
    },
  }
}
