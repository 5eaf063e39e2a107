import { AppError } from '#shared/base/errors.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { Sandbox } from '../sandboxes/port.ts'
import type { Disk, Look } from './disk.ts'
import type { TextChange } from './port.ts'

/** While others keep changing a file, an edit of it is tried so often. */
const mostTries = 10

/** The text of a file that is not open. @throws AppError as `Files.read` */
export async function readOnDisk(disk: Disk, path: FilePath): Promise<string> {
  const found = await disk.look(path, undefined)
  if (found.status !== 'text') throw notText(path, found)
  return found.text
}

type Deps = {
  disk: Disk
  sandbox(): Promise<Sandbox>
  /** Called before the file changes. */
  willWrite(): void
  /** Called after that. */
  wrote(): void
}

/** @param make a file that is not there is made, and one that is no text replaced @throws AppError as `Files.edit` */
export async function editOnDisk({ disk, sandbox, willWrite, wrote }: Deps, path: FilePath, change: TextChange, make: boolean) {
  for (let attempt = 0; attempt < mostTries; attempt++) {
    const found = await disk.look(path, undefined)
    if (found.status !== 'text' && (!make || found.status === 'folder')) throw notText(path, found)
    // What is no text cannot be compared.
    const before = found.status === 'text' ? found.text : found.status === 'missing' ? undefined : ''
    const after = change(before ?? '')
    if (after === undefined || after === before) return { before, after: before ?? '' }
    willWrite()
    if (found.status === 'text' || found.status === 'missing') {
      if ((await disk.swap(path, found.status === 'text' ? found.hash : null, after)) === 'changed') continue
    } else await (await sandbox()).files.write(path, after)
    wrote()
    return { before, after }
  }
  throw new AppError('conflict', `${path} keeps changing, so nothing was written. Try again.`)
}

function notText(path: FilePath, { status }: Look): AppError {
  if (status === 'missing') return new AppError('not_found', `${path} does not exist.`)
  if (status === 'folder') return new AppError('invalid_input', `${path} is a folder. Use list_files to see what is in it.`)
  if (status === 'large') return new AppError('too_large', `${path} has more than 1 MB. Use search_files, or a command such as sed -n '1,200p'.`)
  return new AppError('invalid_input', `${path} is not a text file in UTF-8.`)
}
