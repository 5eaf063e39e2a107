import { z } from 'zod'
import { EpochMs } from '../base/time.ts'
import { FolderPath } from './path.ts'

export const FileEntry = z.object({
  name: z.string(),
  type: z.enum(['file', 'folder', 'link']),
  /** Bytes; 0 for a folder. */
  size: z.number().nonnegative(),
  modifiedAt: EpochMs,
})
export type FileEntry = z.infer<typeof FileEntry>

/** One folder of the tree: its entries, folders first, then by name. `omitted` counts those beyond the bound. */
export const FolderListing = z.object({ path: FolderPath, entries: z.array(FileEntry), omitted: z.number().int().nonnegative() })
export type FolderListing = z.infer<typeof FolderListing>

/** Asks the projection to hold these folders (they open in somebody's tree). */
export const ExpandFolders = z.object({ paths: z.array(FolderPath).min(1).max(50) })
