import { and, eq, like, or } from 'drizzle-orm'
import * as Y from 'yjs'
import { AppError, asAppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileAuthor } from '#shared/files/state.ts'
import { formatDocumentName } from '#shared/wire/document-names.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Documents } from '../sync/port.ts'
import { documentAuthors } from '../sync/table.ts'
import type { LiveFile } from './live-file.ts'
import type { OpenProject } from './open-files.ts'
import { createForwardEdits, newestWriter } from './forward-edits.ts'
import type { FileProjection } from './file-projection.ts'
import { fileConflicts, fileMoves, fileTexts } from './table.ts'

type Deps = {
  database: Database
  view: FileProjection
  documents: Documents
  sandboxes: Sandboxes
  clock: Clock
  log: Logger
  projectOf(projectId: ProjectId): OpenProject
  openFile(projectId: ProjectId, path: FilePath): LiveFile | undefined
}

/**
 * A moved file's document goes with it: its state, with everybody's client ids, is put into the document of the new name, and
 * edits that still arrive under the old one are handed on, which Yjs merges as ever.
 */
export function createMoves({ database, documents, sandboxes, view, clock, log, projectOf, openFile }: Deps) {
  const { db } = database
  const nameOf = (projectId: ProjectId, path: FilePath) => ({ kind: 'file', projectId, path }) as const
  const textOf = (projectId: ProjectId, path: FilePath) => formatDocumentName(nameOf(projectId, path))
  /** States on their way, by the new document's name. */
  const underWay = new Map<string, Uint8Array>()

  async function documentsBelow(projectId: ProjectId, from: FilePath): Promise<FilePath[]> {
    const own = textOf(projectId, from)
    const escaped = own.replaceAll(/[%_\\]/g, String.raw`\$&`)
    const rows = await db
      .selectDistinct({ document: fileTexts.document })
      .from(fileTexts)
      .where(and(eq(fileTexts.projectId, projectId), or(eq(fileTexts.document, own), like(fileTexts.document, `${escaped}/%`))))
    const prefix = `file/${projectId}/`
    return rows.map(({ document }) => document.slice(prefix.length) as FilePath)
  }

  const handOver = (projectId: ProjectId) =>
    createForwardEdits(projectId, {
      documents,
      view,
      clock,
      log,
      copyAuthors: (from, to) => copyAuthors(textOf(projectId, from), textOf(projectId, to)),
    })

  /** What people wrote into a document that is about to give way, and that no disk has. */
  async function unwritten(projectId: ProjectId, path: FilePath) {
    const file = openFile(projectId, path)
    if (!file || file.state().status === 'moved' || file.text() === file.common()) return undefined
    return { base: file.common(), text: file.text(), author: newestWriter(await documents.authors(nameOf(projectId, path))) }
  }

  async function carry(projectId: ProjectId, from: FilePath, to: FilePath, by: FileAuthor): Promise<void> {
    const [old, next] = [textOf(projectId, from), textOf(projectId, to)]
    const open = await documents.open(nameOf(projectId, from))
    try {
      const left = await unwritten(projectId, to)
      await documents.remove([nameOf(projectId, to)])
      await db.transaction(async (tx) => {
        await tx.delete(fileTexts).where(eq(fileTexts.document, next))
        await tx.delete(documentAuthors).where(eq(documentAuthors.document, next))
        await tx.delete(fileMoves).where(eq(fileMoves.document, next))
        const texts = await tx.select().from(fileTexts).where(eq(fileTexts.document, old))
        if (texts.length > 0) await tx.insert(fileTexts).values(texts.map((row) => ({ ...row, document: next })))
        const authors = await tx.select().from(documentAuthors).where(eq(documentAuthors.document, old))
        if (authors.length > 0) await tx.insert(documentAuthors).values(authors.map((row) => ({ ...row, document: next })))
        const at = clock.now()
        await tx.insert(fileMoves).values({ document: old, projectId, to, at }).onConflictDoUpdate({ target: fileMoves.document, set: { to, at } })
        const conflicts = await tx
          .select()
          .from(fileConflicts)
          .where(and(eq(fileConflicts.projectId, projectId), eq(fileConflicts.path, from)))
        for (const { id, data } of conflicts)
          await tx
            .update(fileConflicts)
            .set({ path: to, data: { ...data, path: to } })
            .where(eq(fileConflicts.id, id))
      })
      underWay.set(next, Y.encodeStateAsUpdate(open.doc))
      const moved = await documents.open(nameOf(projectId, to))
      await moved.flushed()
      handOver(projectId).follow(from, open.doc, to, by)
      // What arrived between the two.
      await copyAuthors(old, next)
      moved.transact((doc) => Y.applyUpdate(doc, Y.encodeStateAsUpdate(open.doc, Y.encodeStateVector(doc))))
      await moved.close()
      if (left) await handOver(projectId).mergeText(to, left.author ?? by, left.base, left.text)
      openFile(projectId, from)?.say('moved', { to, by })
    } finally {
      underWay.delete(next)
      await open.close()
    }
  }

  /** Those who wrote under the old name keep what they wrote. */
  async function copyAuthors(old: string, next: string): Promise<void> {
    const rows = await db.select().from(documentAuthors).where(eq(documentAuthors.document, old))
    if (rows.length === 0) return
    await db
      .insert(documentAuthors)
      .values(rows.map((row) => ({ ...row, document: next })))
      .onConflictDoNothing()
  }

  /** The file replaced one that is open: what the disk had of it comes there from the disk, and here is what was written since. */
  async function join(projectId: ProjectId, from: FilePath, to: FilePath, by: FileAuthor): Promise<void> {
    const file = openFile(projectId, from)
    const at = clock.now()
    await db
      .insert(fileMoves)
      .values({ document: textOf(projectId, from), projectId, to, at })
      .onConflictDoUpdate({ target: fileMoves.document, set: { to, at } })
    // Both versions of each stand in the text.
    for (const { id } of await view.conflictsOf(projectId, from)) await view.removeConflict(projectId, id)
    // First what the disk has there now: what was written since is merged into that.
    await openFile(projectId, to)?.settle()
    const open = await documents.open(nameOf(projectId, from))
    try {
      handOver(projectId).follow(from, open.doc, to, by, file?.common())
    } finally {
      await open.close()
    }
    file?.say('moved', { to, by })
  }

  return {
    /** Where the file of this name went, if it did. */
    async movedTo(projectId: ProjectId, path: FilePath): Promise<FilePath | undefined> {
      const [row] = await db
        .select({ to: fileMoves.to })
        .from(fileMoves)
        .where(eq(fileMoves.document, textOf(projectId, path)))
      return row?.to
    },
    /** Before a document that a file was moved to is shown for the first time. */
    async bringAlong(projectId: ProjectId, path: FilePath, doc: Y.Doc): Promise<void> {
      const state = underWay.get(textOf(projectId, path))
      if (state) Y.applyUpdate(doc, state)
    },
    /** A document that is opened under an old name, and whose file is not there again. */
    async follow(projectId: ProjectId, path: FilePath, doc: Y.Doc, file: LiveFile): Promise<void> {
      const [row] = await db
        .select()
        .from(fileMoves)
        .where(eq(fileMoves.document, textOf(projectId, path)))
      if (!row) return
      if (file.state().status === 'level') {
        await db.delete(fileMoves).where(eq(fileMoves.document, row.document))
        return
      }
      handOver(projectId).follow(path, doc, row.to, { kind: 'sandbox' })
      file.say('moved', { to: row.to })
    },
    /**
     * A program moved an open file. Its document goes along; where another one is open already, that one stays, with everybody's
     * cursors in it, and takes in what was written here.
     * @returns whether what was here is at the new name now
     */
    async followed(projectId: ProjectId, from: FilePath, to: FilePath, by: FileAuthor): Promise<boolean> {
      try {
        const there = openFile(projectId, to)
        if (there && ['level', 'waiting', 'failed'].includes(there.state().status)) await join(projectId, from, to, by)
        else await carry(projectId, from, to, by)
        return true
      } catch (error) {
        log.warn({ err: error, projectId }, 'the document of a moved file could not follow it')
        return false
      }
    },
    /** Everybody who has it open is told that it is `moved`. */
    async move(projectId: ProjectId, from: FilePath, to: FilePath, by: FileAuthor): Promise<void> {
      if (from === to) return
      if (to.startsWith(`${from}/`)) throw new AppError('invalid_input', 'A folder cannot be moved into itself.')
      const sandbox = await sandboxes.get(projectId)
      await sandbox.files.stat(from)
      const isThere = await sandbox.files.stat(to).then(
        () => true,
        (error: unknown) => {
          if (asAppError(error).code === 'not_found') return false
          throw error
        },
      )
      if (isThere) throw new AppError('conflict', `${to} already exists.`)
      const paths = await documentsBelow(projectId, from)
      const project = projectOf(projectId)
      const open = paths.map((path) => project.files.get(path)).filter((file) => file !== undefined)
      await Promise.all(open.map((file) => file.settle()))
      await Promise.all(open.map((file) => file.hold()))
      try {
        project.noted(by, [from, to])
        await sandbox.files.rename(from, to)
        for (const path of paths) await carry(projectId, path, `${to}${path.slice(from.length)}` as FilePath, by)
      } finally {
        for (const file of open) file.release()
      }
    },
  }
}
