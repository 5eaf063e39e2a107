import { bigint, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { sql } from 'drizzle-orm'
import type { ProjectId } from '#shared/base/ids.ts'
import { epochMs } from '../db/columns.ts'
import type { Cause, EventType } from './port.ts'

/** What has happened, stored by the transaction that made it happen, until every listener has heard of it and a day longer. Times are the database's. */
export const outbox = pgTable(
  'outbox',
  {
    /** In the order in which they were stored. */
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    /** No reference: what happens to a project outlives it. */
    projectId: text('project_id').$type<ProjectId>(),
    /** Only a process that works on this data folder delivers it: `sandboxes.host_id`. Null: any. */
    hostId: text('host_id'),
    type: text('type').$type<EventType>().notNull(),
    payload: jsonb('payload').notNull(),
    requestId: text('request_id'),
    causedBy: jsonb('caused_by').$type<Cause>(),
    createdAt: epochMs('created_at').notNull(),
    /** Begun deliveries. */
    attempts: integer('attempts').notNull().default(0),
    /** The process that delivers it now, or did last: one of `processes`. */
    claimedBy: text('claimed_by'),
    /** Not before. */
    dueAt: epochMs('due_at').notNull(),
    deliveredAt: epochMs('delivered_at'),
  },
  (table) => [
    index('outbox_undelivered')
      .on(table.projectId, table.id)
      .where(sql`${table.deliveredAt} is null`),
    index('outbox_delivered')
      .on(table.deliveredAt)
      .where(sql`${table.deliveredAt} is not null`),
  ],
)
