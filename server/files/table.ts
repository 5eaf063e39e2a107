import { boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { ConflictId, RunId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileConflict } from '#shared/files/state.ts'
import { bytes, epochMs } from '../db/columns.ts'
import { projectRef } from '../projects/table.ts'

/**
 * Texts that a file's document and the disk have had in common, in order: `whole`, or as what differs from the one before.
 * `from`: `document`, a text of the document that was about to be written; `disk`, a text that was found on the disk and
 * counts only once the document says that it holds it.
 */
export const fileTexts = pgTable(
  'file_texts',
  {
    document: text('document').notNull(),
    n: integer('n').notNull(),
    projectId: projectRef(),
    from: text('from').$type<'document' | 'disk'>().notNull(),
    whole: boolean('whole').notNull(),
    data: bytes('data').notNull(),
    at: epochMs('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.document, table.n] }), index('file_texts_project').on(table.projectId)],
)

/** `whole` is all of a passage that stands in no text any more: what is shown of it may be cut. */
export type KeptConflict = FileConflict & { whole?: string }

/** Unresolved ones. */
export const fileConflicts = pgTable(
  'file_conflicts',
  {
    id: text('id').$type<ConflictId>().primaryKey(),
    projectId: projectRef(),
    path: text('path').$type<FilePath>().notNull(),
    data: jsonb('data').$type<KeptConflict>().notNull(),
    at: epochMs('at').notNull(),
  },
  (table) => [index('file_conflicts_project').on(table.projectId, table.path)],
)

/** Where the document of a moved file went: what still arrives at the old one is handed on. */
export const fileMoves = pgTable('file_moves', {
  document: text('document').primaryKey(),
  projectId: projectRef(),
  to: text('to_path').$type<FilePath>().notNull(),
  at: epochMs('at').notNull(),
})

/** Runs before whose first look at the sandbox its files were noted, to be compared with. */
export const fileBaselines = pgTable(
  'file_baselines',
  {
    runId: text('run_id').$type<RunId>().primaryKey(),
    projectId: projectRef(),
    at: epochMs('at').notNull(),
  },
  (table) => [index('file_baselines_project').on(table.projectId, table.at)],
)
