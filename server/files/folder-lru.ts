import { projectLimits } from '#shared/projects/doc.ts'
import type { FolderPath } from '#shared/files/path.ts'
import type { FileEntry, FolderListing } from '#shared/files/schema.ts'

/** JSON units of all listings together: with the other maps, the document stays well under 1 MB. */
const maxUnits = 500_000

export const listingOf = (path: FolderPath, entries: FileEntry[]): FolderListing => ({
  path,
  entries: entries.slice(0, projectLimits.entriesPerFolder),
  omitted: Math.max(0, entries.length - projectLimits.entriesPerFolder),
})

const isBelow = (path: FolderPath, folder: FolderPath) => folder === '' || path.startsWith(`${folder}/`)

/**
 * Which folders a tree holds, the longest unused first. The root and the folders that lead to a held one stay; what
 * does not fit goes, the longest unused before others.
 */
export function createFolderLru() {
  const held = new Map<FolderPath, { entries: number; units: number }>()
  held.set('', { entries: 0, units: 0 })

  const total = (key: 'entries' | 'units') => [...held.values()].reduce((sum, one) => sum + one[key], 0)
  const fits = () => held.size <= projectLimits.folders && total('entries') <= projectLimits.entries && total('units') <= maxUnits

  return {
    has: (path: FolderPath) => held.has(path),
    paths: () => [...held.keys()],
    /** Held from now on, as the last to go, and the folders above it. */
    use(path: FolderPath): void {
      const parts = path === '' ? [] : path.split('/')
      for (let depth = parts.length; depth >= 0; depth--) {
        const at = parts.slice(0, depth).join('/') as FolderPath
        const known = held.get(at) ?? { entries: 0, units: 0 }
        held.delete(at)
        held.set(at, known)
      }
    },
    measure(listing: FolderListing): void {
      const known = held.get(listing.path)
      if (known) Object.assign(known, { entries: listing.entries.length, units: JSON.stringify(listing).length })
    },
    /** Gone from the workspace, with everything below it. @returns what went */
    drop(path: FolderPath): FolderPath[] {
      const gone = [...held.keys()].filter((one) => one !== '' && (one === path || isBelow(one, path)))
      for (const one of gone) held.delete(one)
      return gone
    },
    /** @returns what had to go for the rest to fit */
    evict(): FolderPath[] {
      const gone: FolderPath[] = []
      while (!fits()) {
        const oldest = [...held.keys()].find((path) => path !== '' && ![...held.keys()].some((other) => other !== path && isBelow(other, path)))
        if (oldest === undefined) break
        held.delete(oldest)
        gone.push(oldest)
      }
      return gone
    },
  }
}
