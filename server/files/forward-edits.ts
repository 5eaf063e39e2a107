import * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import { authorOf, fileText } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { ClientAuthor, FileAuthor } from '#shared/files/state.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Documents } from '../sync/port.ts'
import { mergeInto } from './merge-into-document.ts'
import type { FileProjection } from './file-projection.ts'

type Deps = { documents: Documents; view: FileProjection; clock: Clock; log: Logger; copyAuthors(from: FilePath, to: FilePath): Promise<void> }

/**
 * What is still written under the old name of a file goes to the new one: as the same edits where the document went along, and
 * otherwise, when another document was open there already, as what changed in the text.
 */
export function createForwardEdits(projectId: ProjectId, { documents, view, clock, log, copyAuthors }: Deps) {
  const nameOf = (path: FilePath) => ({ kind: 'file', projectId, path }) as const

  /** What somebody made of `base` is merged into the document at `to`. */
  async function mergeText(to: FilePath, author: FileAuthor, base: string, text: string): Promise<void> {
    if (base === text) return
    const open = await documents.open(nameOf(to))
    try {
      const { conflicts } = await mergeInto({
        write: open.writeAs,
        author,
        path: to,
        found: { text },
        origin: base,
        authors: () => documents.authors(nameOf(to)),
        view,
        projectId,
        at: clock.now(),
        offline: true,
      })
      if (conflicts.length > 0) await view.showConflicts(projectId, conflicts)
    } finally {
      await open.close()
    }
  }

  return {
    mergeText,
    /** @param known the text of `doc` that the document at `to` has already, when it is not the one of now */
    follow(from: FilePath, doc: Y.Doc, to: FilePath, by: FileAuthor, known?: string): void {
      const text = fileText(doc)
      let forwarded = known ?? text.toString()
      let turn: Promise<unknown> = Promise.resolve()

      const pass = async (update: Uint8Array | undefined, writer: number | undefined) => {
        const open = await documents.open(nameOf(to))
        try {
          if (update && isRelated(doc, open.doc)) {
            await copyAuthors(from, to)
            open.transact((next) => Y.applyUpdate(next, update))
            return
          }
        } finally {
          await open.close()
        }
        const now = text.toString()
        const authors = await documents.authors(nameOf(from))
        const author = writer === undefined ? newestWriter(authors) : authorOf(authors, { client: writer, from: 0 })
        await mergeText(to, author ?? by, forwarded, now)
        forwarded = now
      }
      const soon = (update?: Uint8Array, writer?: number) => {
        turn = turn
          .then(() => pass(update, writer))
          .catch((error: unknown) => log.warn({ err: error, projectId }, 'an edit of a moved file was not forwarded'))
      }
      doc.on('update', (update: Uint8Array, _origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) => {
        const written = [...transaction.afterState].find(([client, clock]) => (transaction.beforeState.get(client) ?? 0) < clock)
        soon(update, written?.[0])
      })
      if (forwarded !== text.toString()) soon()
    },
  }
}

/** Whether one holds what was written in the other. */
function isRelated(a: Y.Doc, b: Y.Doc): boolean {
  const theirs = Y.decodeStateVector(Y.encodeStateVector(b))
  return [...Y.decodeStateVector(Y.encodeStateVector(a)).keys()].some((client) => theirs.has(client))
}

/** The person who came last to write in it. */
export const newestWriter = (authors: readonly ClientAuthor[]): FileAuthor | undefined =>
  authors
    .filter(({ author }) => author.kind === 'user')
    .toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0))
    .at(-1)?.author
