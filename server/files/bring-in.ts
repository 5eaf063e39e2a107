import type * as Y from 'yjs'
import type { ConflictId, ProjectId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { authorOf, encodePosition, fileText, readRanges } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { ClientAuthor, FileAuthor, FileConflict } from '#shared/files/state.ts'
import type { WriteAs } from '../sync/port.ts'
import type { CommonText } from './common-texts.ts'
import { mergeTexts, type Overlap } from './merge.ts'
import type { RoomView } from './room-view.ts'
import type { TextEdit } from './text-edits.ts'

/** In a file's document, beside its text: `n` of the disk's text that it has taken in. Written in the same transaction. */
export const commonMap = (doc: Y.Doc) => doc.getMap<number>('disk')

/** From the end, so that places before stay what they are. */
export function editText(text: Y.Text, edits: readonly TextEdit[]): void {
  for (const { at, remove, insert } of edits.toReversed()) {
    if (remove > 0) text.delete(at, remove)
    if (insert !== '') text.insert(at, insert)
  }
}

const longest = 4000

/** Merges what was found on the disk into the document. Conflicts are durable before the document is. */
export async function mergeInto(what: {
  write: WriteAs
  author: FileAuthor
  path: FilePath
  /** `n` when it is what the disk holds now. */
  found: { text: string; n?: CommonText['n'] }
  origin: string
  authors(): Promise<ClientAuthor[]>
  view: RoomView
  projectId: ProjectId
  at: number
}): Promise<FileConflict[]> {
  const { author, path, found, view, projectId, at } = what
  let conflicts: { conflict: FileConflict; clients: { client: number; from: number }[] }[] = []
  await what.write(
    author,
    (doc) => {
      const text = fileText(doc)
      const { edits, overlaps } = mergeTexts(what.origin, text.toString(), found.text)
      editText(text, edits)
      if (found.n !== undefined) commonMap(doc).set('n', found.n)
      const merged = text.toString()
      conflicts = overlaps.map((overlap) => describe(text, merged, overlap, { path, at, author }))
    },
    async () => {
      if (conflicts.length === 0) return
      const authors = await what.authors().catch(() => [])
      for (const { conflict, clients } of conflicts) {
        const names = clients.map((range) => authorOf(authors, range)).filter((one) => one !== undefined)
        conflict.mine.authors = [...new Map(names.map((one) => [JSON.stringify(one), one])).values()].slice(0, 20)
      }
      await view.addConflicts(
        projectId,
        conflicts.map(({ conflict }) => conflict),
      )
    },
  )
  return conflicts.map(({ conflict }) => conflict)
}

function describe(text: Y.Text, merged: string, { base, mine, disk }: Overlap, about: { path: FilePath; at: number; author: FileAuthor }) {
  const side = (range: { start: number; end: number }, authors: FileAuthor[]) => {
    const whole = merged.slice(range.start, range.end)
    return {
      text: whole.slice(0, longest),
      cut: whole.length > longest,
      ...(whole !== '' && { range: { start: encodePosition(text, range.start), end: encodePosition(text, range.end, -1) } }),
      authors,
    }
  }
  const conflict: FileConflict = {
    id: newId<ConflictId>('cfl', about.at),
    path: about.path,
    at: about.at,
    line: merged.slice(0, mine.start).split('\n').length,
    base: base.slice(0, longest),
    mine: side(mine, []),
    disk: side(disk, [about.author]),
  }
  const clients = readRanges(text)
    .filter((range) => range.start < mine.end && range.end > mine.start)
    .map(({ client, from }) => ({ client, from }))
  return { conflict, clients }
}
