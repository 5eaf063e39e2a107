import type { FileEntry, FolderListing } from '#shared/files/schema.ts'

/** One line of the tree that is drawn. `depth` starts at 0. */
export type TreeLine =
  | { kind: 'entry'; path: string; depth: number; entry: FileEntry; expanded: boolean; loading: boolean }
  | { kind: 'omitted'; path: string; depth: number; count: number }

/** What is visible: the root, and below each expanded folder what is known of it. */
export function linesOf(listings: ReadonlyMap<string, FolderListing>, expanded: ReadonlySet<string>): TreeLine[] {
  const lines: TreeLine[] = []
  const walk = (folder: string, depth: number) => {
    const listing = listings.get(folder)
    if (!listing) return
    for (const entry of listing.entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      const open = entry.type === 'folder' && expanded.has(path)
      lines.push({ kind: 'entry', path, depth, entry, expanded: open, loading: open && !listings.has(path) })
      if (open) walk(path, depth + 1)
    }
    if (listing.omitted > 0) lines.push({ kind: 'omitted', path: folder, depth, count: listing.omitted })
  }
  walk('', 0)
  return lines
}

export const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')))
export const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

/** Every folder above a path, outermost first. */
export function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'))
}
