import type { z } from 'zod'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { maxOpenBytes } from '#shared/files/doc.ts'
import type { OfflineMerge, OfflineEdits } from '#shared/files/merge-offline-edits.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileAuthor } from '#shared/files/state.ts'
import type { Clock } from '../base/clock.ts'
import type { Documents, OpenDocument } from '../sync/port.ts'
import { mergeInto } from './merge-into-document.ts'
import type { LiveFile } from './live-file.ts'
import { mergeTexts } from '../base/merge-texts.ts'
import type { FileProjection } from './file-projection.ts'
import { applyEdits, costOf, diffText } from '../base/text-edits.ts'

type Deps = {
  documents: Documents
  view: FileProjection
  clock: Clock
  openFile(projectId: ProjectId, path: FilePath): LiveFile | undefined
  movedTo(projectId: ProjectId, path: FilePath): Promise<FilePath | undefined>
}

/** A file that was moved again and again is followed this far. */
const mostMoves = 16

type Candidate = { path: FilePath; open: OpenDocument; file: LiveFile }

/**
 * Merges offline edits of a file whose document has no history in common with the one that the person had: as the smallest edits that
 * lead from the last common text to theirs. Places that were changed here as well stand twice, as a conflict.
 */
export function createMergeOfflineEdits({ documents, view, clock, openFile, movedTo }: Deps) {
  /** The document of that name, and those of the names that the file had since. */
  async function candidates(projectId: ProjectId, path: FilePath): Promise<Candidate[]> {
    const found: Candidate[] = []
    const seen = new Set<FilePath>()
    let next: FilePath | undefined = path
    try {
      while (next !== undefined && !seen.has(next) && seen.size < mostMoves) {
        const here: FilePath = next
        seen.add(here)
        // Opening it forgets the move when there is a file of the old name again.
        next = await movedTo(projectId, here)
        const open = await documents.open({ kind: 'file', projectId, path: here })
        const file = openFile(projectId, here)
        if (!file) {
          await open.close()
          throw new AppError('unavailable', 'This document is closed.')
        }
        found.push({ path: here, open, file })
        const { status, to } = file.state()
        if (status === 'moved') next = to
      }
    } catch (error) {
      await closeAll(found)
      throw error
    }
    return found
  }

  const closeAll = (all: readonly Candidate[]) => Promise.all(all.map(({ open }) => open.close()))

  return async function mergeOfflineEdits(projectId: ProjectId, what: z.output<typeof OfflineEdits>, by: FileAuthor): Promise<OfflineMerge> {
    const all = await candidates(projectId, what.path)
    try {
      // As the disk has it now: of a file that was deleted a moment ago the document does not know it yet.
      await Promise.all(all.map(({ file }) => file.settle()))
      if (all.some(({ file }) => file.state().status === 'waiting' && !file.isKnown()))
        throw new AppError('unavailable', 'The sandbox is not running, and this file was not open before.')
      const standing = all.filter(({ file }) => hasText(file, what.base))
      const nearness = ({ file }: Candidate) => costOf(diffText(what.base, file.text()))
      let chosen = standing.toSorted((a, b) => nearness(a) - nearness(b))[0]
      let { base } = what
      if (!chosen) {
        const last = all.findLast(({ file }) => file.state().status !== 'moved')
        const status = last?.file.state().status
        if (last && (status === 'not_text' || status === 'too_large')) return { status, path: last.path, conflicts: 0 }
        if (!last || (!what.make && base !== '')) return { status: 'gone', path: last?.path ?? what.path, conflicts: 0 }
        // There is nothing to compare with: all of it is to be there, and no text that was deleted.
        chosen = last
        base = last.file.text()
      }
      const { path, open, file } = chosen
      const current = file.text()
      const merged = applyEdits(current, mergeTexts(base, current, what.text).edits)
      if (Buffer.byteLength(merged) > maxOpenBytes) return { status: 'too_large', path, conflicts: 0 }
      const { conflicts, line } = await mergeInto({
        write: open.writeAs,
        author: by,
        path,
        found: { text: what.text },
        origin: base,
        authors: () => documents.authors({ kind: 'file', projectId, path }),
        view,
        projectId,
        at: clock.now(),
        offline: what.id,
      })
      if (conflicts.length > 0) await view.showConflicts(projectId, conflicts)
      if (what.make && file.state().status === 'deleted') await file.writeBack()
      else await file.settle()
      return { status: 'merged', path, conflicts: conflicts.length, ...(line !== undefined && { line }) }
    } finally {
      await closeAll(all)
    }
  }
}

/** Whether the document holds the file's text. Also after the file was deleted, if that text is close to `base`: then it can be written back. */
function hasText(file: LiveFile, base: string): boolean {
  const { status } = file.state()
  const text = file.text()
  if (status === 'deleted') return text !== '' && costOf(diffText(base, text)) * 2 <= base.length + text.length
  return status === 'level' || status === 'waiting' || status === 'failed'
}
