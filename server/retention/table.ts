import { integer, pgTable } from 'drizzle-orm/pg-core'
import { epochMs } from '../db/columns.ts'
import { projectRef } from '../projects/table.ts'

/** How long a project keeps its history. A project without a row keeps it as long as the operator allows. */
export const retentionSettings = pgTable('retention_settings', {
  projectId: projectRef().primaryKey(),
  /** What an owner has chosen; null: for ever. */
  days: integer('days'),
  /** When an owner last chose. */
  chosenAt: epochMs('chosen_at'),
  /** When everything older was last removed. */
  cleanedAt: epochMs('cleaned_at'),
})
