import { integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { TerminalId } from '#shared/base/ids.ts'
import type { Author } from '#shared/sessions/items.ts'
import { epochMs } from '../db/columns.ts'
import { projectRef } from '../projects/table.ts'

/** Terminals that run, with where: a server that starts takes up those whose sandbox outlived the last one. */
export const terminals = pgTable(
  'terminals',
  {
    id: text('id').$type<TerminalId>().notNull(),
    projectId: projectRef(),
    sandboxId: text('sandbox_id').notNull(),
    pid: integer('pid').notNull(),
    title: text('title').notNull(),
    createdBy: jsonb('created_by').$type<Author>().notNull(),
    cols: integer('cols').notNull(),
    rows: integer('rows').notNull(),
    createdAt: epochMs('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.id] })],
)
