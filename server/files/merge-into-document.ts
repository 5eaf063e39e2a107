import { cutAfter } from '#shared/base/cut.ts'
import type * as Y from 'yjs'
import { spliceText } from '#shared/base/plain-text.ts'
import type { ConflictId, OfflineEditsId, ProjectId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { authorOf, encodePosition, fileText, readRanges } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { ClientAuthor, FileAuthor } from '#shared/files/state.ts'
import type { WriteAs } from '../sync/port.ts'
import type { MergeBase } from './merge-bases.ts'
import { mergeTexts, type Overlap } from '../base/merge-texts.ts'
import type { FileProjection } from './file-projection.ts'
import type { KeptConflict } from './table.ts'
import type { TextEdit } from '../base/text-edits.ts'
import { type Undone, undoneBy } from './undone.ts'

/** In a file's document, beside its text: `n` of the disk's text that it has taken in. Written in the same transaction. */
export const commonMap = (doc: Y.Doc) => doc.getMap<number>('disk')

/** In the same map: offline edits that are merged, and since when. The key is as it was first stored. */
const mergedKey = (id: OfflineEditsId) => `in:${id}`

/** From the end, so that places before stay what they are. */
export function editText(text: Y.Text, edits: readonly TextEdit[]): void {
  for (const { at, remove, insert } of edits.toReversed()) spliceText(text, at, remove, insert)
}

const longest = 4000

/** `line`: the first one that changed, from 1. */
export type Merged = { conflicts: KeptConflict[]; line: number | undefined }

/** Merges what was found on the disk into the document. Conflicts are durable before the document is. */
export async function mergeInto(what: {
  write: WriteAs
  author: FileAuthor
  path: FilePath
  /** `n` when it is what the disk holds now. */
  found: { text: string; n?: MergeBase['n'] }
  origin: string
  /** What the text was a moment ago: who wrote since, and finds it removed, is told. */
  older?: string
  authors(): Promise<ClientAuthor[]>
  view: FileProjection
  projectId: ProjectId
  at: number
  /** What somebody wrote elsewhere; under an id it is taken in once. The disk has nothing to do with it. */
  offline?: OfflineEditsId | true
}): Promise<Merged> {
  const { author, path, found, view, projectId, at, offline } = what
  const once = typeof offline === 'string' ? mergedKey(offline) : undefined
  let line: number | undefined
  let conflicts: Found[] = []
  await what.write(
    author,
    (doc) => {
      if (once && commonMap(doc).has(once)) return
      const text = fileText(doc)
      const before = text.toString()
      const { edits, overlaps } = mergeTexts(what.origin, before, found.text)
      const gone = what.older === undefined ? [] : undoneBy(edits, { before, older: what.older, found: found.text })
      const writers = gone.map(({ written }) => clientsIn(text, written))
      editText(text, edits)
      if (found.n !== undefined) commonMap(doc).set('n', found.n)
      if (once) commonMap(doc).set(once, at)
      if (edits[0]) line = lineAt(before, edits[0].at)
      const merged = text.toString()
      conflicts = [
        ...overlaps.map((overlap) => describe(text, merged, overlap, { path, at, author, isOffline: offline !== undefined })),
        ...gone.map((one, index) => ({ ...describeUndone(text, { before, merged }, one, { path, at, author }), clients: writers[index] ?? [] })),
      ]
    },
    async () => {
      if (conflicts.length === 0) return
      const authors = await what.authors().catch(() => [])
      for (const { conflict, clients } of conflicts) {
        const names = clients.map((range) => authorOf(authors, range)).filter((one) => one !== undefined)
        const told = conflict.undone ? names.filter((one) => mustKnow(one, author)) : names
        conflict.mine.authors = [...new Map(told.map((one) => [JSON.stringify(one), one])).values()].slice(0, 20)
      }
      conflicts = conflicts.filter(({ conflict }) => !conflict.undone || conflict.mine.authors.length > 0)
      await view.addConflicts(
        projectId,
        conflicts.map(({ conflict }) => conflict),
      )
    },
  )
  return { conflicts: conflicts.map(({ conflict }) => conflict), line }
}

function describe(
  text: Y.Text,
  merged: string,
  { base, mine, disk }: Overlap,
  about: { path: FilePath; at: number; author: FileAuthor; isOffline: boolean },
) {
  const side = (range: { start: number; end: number }, authors: FileAuthor[]) => {
    const whole = merged.slice(range.start, range.end)
    return {
      text: cutAfter(whole, longest),
      cut: whole.length > longest,
      ...(whole !== '' && { range: { start: encodePosition(text, range.start), end: encodePosition(text, range.end, -1) } }),
      authors,
    }
  }
  const conflict: KeptConflict = {
    id: newId<ConflictId>('cfl', about.at),
    path: about.path,
    at: about.at,
    line: lineAt(merged, mine.start),
    base: cutAfter(base, longest),
    mine: side(mine, []),
    disk: side(disk, [about.author]),
    ...(about.isOffline && { handedIn: true }),
  }
  return { conflict, clients: clientsIn(text, [mine]) }
}

/** What was removed is kept with the place where it stood. */
function describeUndone(
  text: Y.Text,
  { before, merged }: { before: string; merged: string },
  { mine, disk }: Undone,
  { path, at, author }: { path: FilePath; at: number; author: FileAuthor },
): { conflict: KeptConflict } {
  const whole = before.slice(mine.start, mine.end)
  const now = merged.slice(disk.start, disk.end)
  const cut = (passage: string) => ({ text: cutAfter(passage, longest), cut: passage.length > longest })
  const range = { start: encodePosition(text, disk.start), end: encodePosition(text, disk.end, -1) }
  const conflict: KeptConflict = {
    id: newId<ConflictId>('cfl', at),
    path,
    at,
    line: lineAt(merged, disk.start),
    base: cutAfter(now, longest),
    mine: { ...cut(whole), authors: [] },
    disk: { ...cut(now), range, authors: [author] },
    undone: true,
    ...(whole.length > longest && { whole }),
  }
  return { conflict }
}

type Found = { conflict: KeptConflict; clients: { client: number; from: number }[] }

const clientsIn = (text: Y.Text, places: readonly { start: number; end: number }[]) =>
  readRanges(text)
    .filter((range) => places.some(({ start, end }) => range.start < end && range.end > start))
    .map(({ client, from }) => ({ client, from }))

/** Whether somebody is told when `by` removes what they wrote: people and runs are, except of what they did themselves. */
function mustKnow(one: FileAuthor, by: FileAuthor): boolean {
  if (one.kind === 'agent') return by.kind !== 'agent' || one.runId !== by.runId
  return one.kind === 'user' && !(by.kind === 'user' && one.id === by.id)
}

const lineAt = (text: string, at: number) => text.slice(0, at).split('\n').length
