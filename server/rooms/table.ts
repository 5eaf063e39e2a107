import { bigint, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { UserId } from '#shared/base/ids.ts'
import { epochMs } from '../db/columns.ts'
import { projectRef } from '../projects/table.ts'

/** Server processes that are alive, each by its own heartbeat. Times are the database's. */
export const processes = pgTable('processes', {
  id: text('id').primaryKey(),
  /** Where its pid means something: the machine as it was started, and the namespace of its processes. */
  machine: text('machine').notNull(),
  pid: integer('pid').notNull(),
  /** Where other processes reach it; empty until it listens. */
  url: text('url').notNull(),
  /** Of the sandboxes that live with it: `sandboxes.host_id`. Null without any. */
  hostId: text('host_id'),
  expiresAt: epochMs('expires_at').notNull(),
})

/**
 * Who has a room. It holds as long as its owner is among `processes`. `epoch` grows with every change of owner, and fences every insert
 * into the room's documents.
 */
export const leases = pgTable(
  'leases',
  {
    projectId: projectRef().primaryKey(),
    /** A process, or empty when nobody has it. */
    owner: text('owner').notNull(),
    epoch: bigint('epoch', { mode: 'number' }).notNull(),
    /** Who is in the room, for the home pages of other processes. */
    people: jsonb('people').$type<UserId[]>().notNull().default([]),
  },
  (table) => [index('leases_owner').on(table.owner)],
)
