import * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileAuthor } from '#shared/files/state.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Documents } from '../sync/port.ts'
import type { FileProjection } from './file-projection.ts'
import { createForwardEdits, newestWriter } from './forward-edits.ts'
import type { LiveFile } from './live-file.ts'
import { documentOf, type MoveRecords } from './move-records.ts'

type Deps = {
  records: MoveRecords
  view: FileProjection
  documents: Documents
  clock: Clock
  log: Logger
  openFile(projectId: ProjectId, path: FilePath): LiveFile | undefined
}

/**
 * A moved file's document goes with it: its state, with everybody's client ids, is put into the document of the new name, and
 * edits that still arrive under the old one are forwarded; Yjs merges them.
 */
export function createDocumentMoves({ records, documents, view, clock, log, openFile }: Deps) {
  const nameOf = (projectId: ProjectId, path: FilePath) => ({ kind: 'file', projectId, path }) as const
  /** States on their way, by the new document's name. */
  const underWay = new Map<string, Uint8Array>()

  const forwarding = (projectId: ProjectId) =>
    createForwardEdits(projectId, {
      documents,
      view,
      clock,
      log,
      copyAuthors: (from, to) => records.copyAuthors(projectId, from, to),
    })

  /** What people wrote into a document that is about to give way, and that no disk has. */
  async function unwritten(projectId: ProjectId, path: FilePath) {
    const file = openFile(projectId, path)
    if (!file || file.state().status === 'moved' || file.text() === file.common()) return undefined
    return { base: file.common(), text: file.text(), author: newestWriter(await documents.authors(nameOf(projectId, path))) }
  }

  /** The document goes to the new name, in place of the one that may be there. Everybody who has it open is told that it is `moved`. */
  async function carry(projectId: ProjectId, from: FilePath, to: FilePath, by: FileAuthor): Promise<void> {
    const next = documentOf(projectId, to)
    const open = await documents.open(nameOf(projectId, from))
    try {
      const left = await unwritten(projectId, to)
      await documents.remove([nameOf(projectId, to)])
      await records.carryOver(projectId, from, to)
      underWay.set(next, Y.encodeStateAsUpdate(open.doc))
      const moved = await documents.open(nameOf(projectId, to))
      await moved.flushed()
      forwarding(projectId).follow(from, open.doc, to, by)
      // What arrived between the two.
      await records.copyAuthors(projectId, from, to)
      moved.transact((doc) => Y.applyUpdate(doc, Y.encodeStateAsUpdate(open.doc, Y.encodeStateVector(doc))))
      await moved.close()
      if (left) await forwarding(projectId).mergeText(to, left.author ?? by, left.base, left.text)
      openFile(projectId, from)?.say('moved', { to, by })
    } finally {
      underWay.delete(next)
      await open.close()
    }
  }

  /** The file was moved over one that is open. That one takes the moved text from the disk; what was written here since is merged into it. */
  async function join(projectId: ProjectId, from: FilePath, to: FilePath, by: FileAuthor): Promise<void> {
    const file = openFile(projectId, from)
    await records.note(projectId, from, to)
    // Both versions of each stand in the text.
    for (const { id } of await view.conflictsOf(projectId, from)) await view.removeConflict(projectId, id)
    // First what the disk has there now: what was written since is merged into that.
    await openFile(projectId, to)?.settle()
    const open = await documents.open(nameOf(projectId, from))
    try {
      forwarding(projectId).follow(from, open.doc, to, by, file?.common())
    } finally {
      await open.close()
    }
    file?.say('moved', { to, by })
  }

  return {
    carry,
    join,
    /** Before a document that a file was moved to is shown for the first time. */
    async bringAlong(projectId: ProjectId, path: FilePath, doc: Y.Doc): Promise<void> {
      const state = underWay.get(documentOf(projectId, path))
      if (state) Y.applyUpdate(doc, state)
    },
    /** A document that is opened under an old name, and whose file is not there again. */
    async follow(projectId: ProjectId, path: FilePath, doc: Y.Doc, file: LiveFile): Promise<void> {
      const to = await records.movedTo(projectId, path)
      if (to === undefined) return
      if (file.state().status === 'level') return records.forget(projectId, path)
      forwarding(projectId).follow(path, doc, to, { kind: 'sandbox' })
      file.say('moved', { to })
    },
  }
}
