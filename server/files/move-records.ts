import { and, eq, like, or } from 'drizzle-orm'
import type { ProjectId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import { formatDocumentName } from '#shared/wire/document-names.ts'
import type { Clock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import { copyAuthors, deleteAuthors } from '../sync/queries.ts'
import { fileConflicts, fileMoves, fileTexts } from './table.ts'

export const documentOf = (projectId: ProjectId, path: FilePath) => formatDocumentName({ kind: 'file', projectId, path })

export type MoveRecords = ReturnType<typeof createMoveRecords>

/** What the database holds of files, by their documents' names, when one takes another's name. */
export function createMoveRecords({ db }: Database, clock: Clock) {
  /** Where the file of this name went, if it did. */
  async function movedTo(projectId: ProjectId, path: FilePath): Promise<FilePath | undefined> {
    const [row] = await db
      .select({ to: fileMoves.to })
      .from(fileMoves)
      .where(eq(fileMoves.document, documentOf(projectId, path)))
    return row?.to
  }

  return {
    movedTo,
    /** Files that have had a document, this one and all below it. */
    async filesBelow(projectId: ProjectId, top: FilePath): Promise<FilePath[]> {
      const own = documentOf(projectId, top)
      const escaped = own.replaceAll(/[%_\\]/g, String.raw`\$&`)
      const rows = await db
        .selectDistinct({ document: fileTexts.document })
        .from(fileTexts)
        .where(and(eq(fileTexts.projectId, projectId), or(eq(fileTexts.document, own), like(fileTexts.document, `${escaped}/%`))))
      const prefix = `file/${projectId}/`
      return rows.map(({ document }) => document.slice(prefix.length) as FilePath)
    },
    /** Its texts and its authors are also the new name's, instead of what that had; its conflicts are the new name's alone. */
    async carryOver(projectId: ProjectId, from: FilePath, to: FilePath): Promise<void> {
      const [old, next] = [documentOf(projectId, from), documentOf(projectId, to)]
      await db.transaction(async (tx) => {
        await tx.delete(fileTexts).where(eq(fileTexts.document, next))
        await deleteAuthors(tx, next)
        await tx.delete(fileMoves).where(eq(fileMoves.document, next))
        const texts = await tx.select().from(fileTexts).where(eq(fileTexts.document, old))
        if (texts.length > 0) await tx.insert(fileTexts).values(texts.map((row) => ({ ...row, document: next })))
        await copyAuthors(tx, old, next)
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
    },
    /** Where the file of this name is from now on. */
    async note(projectId: ProjectId, from: FilePath, to: FilePath): Promise<void> {
      const at = clock.now()
      await db
        .insert(fileMoves)
        .values({ document: documentOf(projectId, from), projectId, to, at })
        .onConflictDoUpdate({ target: fileMoves.document, set: { to, at } })
    },
    /** There is a file of this name again. */
    async forget(projectId: ProjectId, path: FilePath): Promise<void> {
      await db.delete(fileMoves).where(eq(fileMoves.document, documentOf(projectId, path)))
    },
    /** Those who wrote under the old name keep what they wrote. */
    copyAuthors: (projectId: ProjectId, from: FilePath, to: FilePath): Promise<void> =>
      copyAuthors(db, documentOf(projectId, from), documentOf(projectId, to)),
  }
}
