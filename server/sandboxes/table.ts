import { jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { SandboxLimits, SandboxStatus } from '#shared/sandboxes/schema.ts'
import { epochMs } from '../db/columns.ts'
import { projectRef } from '../projects/table.ts'

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
