import type { ConflictId, ProjectId } from '#shared/base/ids.ts'
import { AppError } from '#shared/base/errors.ts'
import { decodePosition, fileText } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileAuthor } from '#shared/files/state.ts'
import type { Documents } from '../sync/port.ts'
import type { FileProjection } from './file-projection.ts'

/**
 * Leaves of two versions of a passage the one that is wanted, or both.
 * @returns the file whose document was changed; undefined when what stands there is what is wanted
 * @throws AppError `conflict` when somebody else has resolved it
 */
export async function resolveConflict(
  { documents, view }: { documents: Documents; view: FileProjection },
  projectId: ProjectId,
  id: ConflictId,
  keep: 'mine' | 'disk' | 'both',
  by: FileAuthor,
): Promise<FilePath | undefined> {
  const conflict = await view.findConflict(projectId, id)
  if (!conflict || !(await view.removeConflict(projectId, id))) throw new AppError('conflict', 'This conflict was already resolved.')
  if (keep === (conflict.undone ? 'disk' : 'both')) return undefined
  const open = await documents.open({ kind: 'file', projectId, path: conflict.path })
  try {
    await open.writeAs(by, (doc) => {
      const text = fileText(doc)
      const { range } = keep === 'disk' ? conflict.mine : conflict.disk
      const start = range && decodePosition(text, range.start)
      const end = range && decodePosition(text, range.end)
      if (start === undefined || end === undefined) return
      if (keep !== 'both' && end > start) text.delete(start, end - start)
      if (conflict.undone) text.insert(start, conflict.whole ?? conflict.mine.text)
    })
  } finally {
    await open.close()
  }
  return conflict.path
}
