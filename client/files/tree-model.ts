import type { FileEntry, FolderListing } from '#shared/files/schema.ts'

/** One line of the tree that is drawn. `depth` starts at 0. */
export type TreeLine =
  | { kind: 'entry'; path: string; depth: number; entry: FileEntry; expanded: boolean; loading: boolean }
  | { kind: 'omitted'; path: string; depth: number; count: number }
  | { kind: 'new'; path: string; depth: number; type: 'file' | 'folder' }

export type EntryLine = Extract<TreeLine, { kind: 'entry' }>

/** What is visible: the root, and below each expanded folder what is known of it; where something is being named, a line for it. */
export function linesOf(
  listings: ReadonlyMap<string, FolderListing>,
  expanded: ReadonlySet<string>,
  adding?: { folder: string; type: 'file' | 'folder' },
): TreeLine[] {
  const lines: TreeLine[] = []
  const walk = (folder: string, depth: number) => {
    if (adding?.folder === folder) lines.push({ kind: 'new', path: folder, depth, type: adding.type })
    const listing = listings.get(folder)
    if (!listing) return
    for (const entry of listing.entries) {
      const path = joined(folder, entry.name)
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
/** As people see it: what cannot be seen in it has a sign of its own. */
export const shownName = (name: string) =>
  // oxlint-disable-next-line no-control-regex -- these are exactly what is meant
  name.replaceAll(/[\u0001-\u001f]/g, (sign) => String.fromCodePoint(0x2400 + sign.charCodeAt(0))).replaceAll('\u007f', '\u2421')
export const joined = (folder: string, name: string) => (folder === '' ? name : `${folder}/${name}`)
export const isWithin = (path: string, folder: string) => folder === '' || path === folder || path.startsWith(`${folder}/`)

/** Every folder above a path, outermost first. */
export function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'))
}

/** The next entry whose name begins with what was typed, after the current one and round to it. One repeated letter goes from one to the next. */
export function typedAhead(entries: readonly EntryLine[], current: number, typed: string): EntryLine | undefined {
  const same = Array.from(typed).every((letter) => letter === typed[0])
  const wanted = (same ? (typed[0] ?? '') : typed).toLowerCase()
  const start = same ? current + 1 : current
  for (let i = 0; i < entries.length; i += 1) {
    const line = entries[(start + i) % entries.length]
    if (line?.entry.name.toLowerCase().startsWith(wanted)) return line
  }
  return undefined
}
