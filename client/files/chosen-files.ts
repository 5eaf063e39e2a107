/** A file to be added, by its place below the folder it is added to. */
export type Upload = { path: string; file: File }

/** More at once is nearly always a folder that was not meant, such as `node_modules`. */
export const maxFiles = 2000

/** Every file of what was dropped, those inside folders as well. Must be called while the drop is handled. */
export async function uploadsOf(transfer: DataTransfer): Promise<Upload[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry !== null && entry !== undefined)
  if (entries.length === 0) return [...transfer.files].map((file) => ({ path: file.name, file }))
  const found: Upload[] = []
  for (const entry of entries) await walk(entry, '', found)
  return found
}

async function walk(entry: FileSystemEntry, folder: string, found: Upload[]): Promise<void> {
  if (found.length > maxFiles) return
  const path = folder ? `${folder}/${entry.name}` : entry.name
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    found.push({ path, file })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  for (;;) {
    // A browser hands out a folder's entries in parts.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return
    for (const one of some) await walk(one, path, found)
  }
}

/** From a field of files; those of a chosen folder keep their places in it. */
export const uploadsOfField = (files: FileList): Upload[] => [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }))
