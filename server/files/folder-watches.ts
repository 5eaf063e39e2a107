import type { FolderPath } from '#shared/files/path.ts'
import type { Sandbox } from '../sandboxes/port.ts'
import { isHeavy } from '../sandboxes/paths.ts'
import { watchShared } from './shared-watch.ts'

/** Watches of single folders inside those that programs fill, which the watch of the whole workspace leaves out. */
export function createFolderWatches(changedIn: (folders: FolderPath[]) => void) {
  const stops = new Map<FolderPath, () => Promise<void>>()

  async function remove(folder: FolderPath): Promise<void> {
    const stop = stops.get(folder)
    stops.delete(folder)
    await stop?.().catch(() => undefined)
  }

  return {
    /** Nothing for a folder that needs none. One that cannot be watched is passed over. */
    async add(folder: FolderPath, sandboxOf: () => Promise<Sandbox>): Promise<void> {
      if (!isHeavy(folder) || stops.has(folder)) return
      const opening = async () => undefined
      stops.set(folder, opening)
      try {
        const sandbox = await sandboxOf()
        const stop = await watchShared(
          sandbox,
          () => changedIn([folder]),
          () => void stops.delete(folder),
          folder,
        )
        // It may have been removed meanwhile.
        if (stops.get(folder) === opening) stops.set(folder, stop)
        else await stop()
      } catch {
        if (stops.get(folder) === opening) stops.delete(folder)
      }
    },
    remove,
    async removeAll(): Promise<void> {
      await Promise.all([...stops.keys()].map(remove))
    },
  }
}
