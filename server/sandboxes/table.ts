import { bigint, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { SandboxLimits, SandboxStatus } from '#shared/sandboxes/schema.ts'
import { epochMs } from '../db/columns.ts'
import { projectRef } from '../projects/table.ts'
import { processes } from '../rooms/table.ts'

/** The one sandbox of a project, and where it lives. */
export const sandboxes = pgTable('sandboxes', {
  projectId: projectRef().primaryKey(),
  provider: text('provider').$type<'local' | 'e2b'>().notNull(),
  /** Of a local one: the data folder it is in. Null for a cloud's, and where it is not known yet. */
  hostId: text('host_id'),
  /** The provider's id. */
  sandboxId: text('sandbox_id').notNull(),
  status: text('status').$type<SandboxStatus>().notNull(),
  detail: text('detail'),
  createdAt: epochMs('created_at').notNull(),
  updatedAt: epochMs('updated_at').notNull(),
})

/** What an owner has set for the sandbox of a project, whether it has one yet or not. */
export const sandboxSettings = pgTable('sandbox_settings', {
  projectId: projectRef().primaryKey(),
  limits: jsonb('limits').$type<Partial<SandboxLimits>>().notNull(),
  updatedAt: epochMs('updated_at').notNull(),
})

/**
 * The places that sandboxes take, where several processes share the database. They count as long as their process lives, whatever else
 * becomes of the project.
 */
export const sandboxPlaces = pgTable(
  'sandbox_places',
  {
    processId: text('process_id')
      .notNull()
      .references(() => processes.id, { onDelete: 'cascade' }),
    projectId: text('project_id').$type<ProjectId>().notNull(),
    /** Who made the project. */
    person: text('person').$type<UserId>().notNull(),
    provider: text('provider').$type<'local' | 'e2b'>().notNull(),
    /** What rests has a place in the memory of its machine alone. */
    status: text('status').$type<'running' | 'resting'>().notNull(),
    memoryBytes: bigint('memory_bytes', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.processId, table.projectId] })],
)
