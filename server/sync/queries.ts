import { eq, sql } from 'drizzle-orm'
import type { CopiesOfNames } from '../db/copies-of-names.ts'
import type { Db } from '../db/port.ts'
import { documentAuthors } from './table.ts'

export const namesInDocumentAuthors: CopiesOfNames[] = [{ table: documentAuthors, column: documentAuthors.author, project: sql`t.project_id` }]

export const deleteAuthors = (tx: Db, document: string) => tx.delete(documentAuthors).where(eq(documentAuthors.document, document))

/** Copies the authors of a document's client ids to another document, which keeps those that it has. */
export async function copyAuthors(db: Db, from: string, to: string): Promise<void> {
  const rows = await db.select().from(documentAuthors).where(eq(documentAuthors.document, from))
  if (rows.length === 0) return
  await db
    .insert(documentAuthors)
    .values(rows.map((row) => ({ ...row, document: to })))
    .onConflictDoNothing()
}
