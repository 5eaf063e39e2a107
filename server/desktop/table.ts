import { integer, jsonb, pgTable } from 'drizzle-orm/pg-core'
import type { DesktopControl } from '#shared/desktop/schema.ts'
import { projectRef } from '../projects/table.ts'

/** The truth about who has control of a project's desktop. Changed under a lock on its row only. */
export const desktopControl = pgTable('desktop_control', {
  projectId: projectRef().primaryKey(),
  version: integer('version').notNull().default(0),
  control: jsonb('control').$type<DesktopControl>().notNull(),
})
