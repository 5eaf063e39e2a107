import { bigint, index, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import type { AgentId, ItemId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { MessageMode } from '#shared/sessions/schema.ts'
import { users } from '../auth/table.ts'
import { epochMs } from '../db/columns.ts'
import { projectRef } from '../projects/table.ts'

export const sessions = pgTable(
  'sessions',
  {
    id: text('id').$type<SessionId>().primaryKey(),
    projectId: projectRef(),
    title: text('title').notNull(),
    createdBy: text('created_by')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    createdAt: epochMs('created_at').notNull(),
    updatedAt: epochMs('updated_at').notNull(),
    /** The seq of the last item. */
    lastSeq: bigint('last_seq', { mode: 'number' }).notNull().default(0),
    /** The run that was begun last. */
    runId: text('run_id').$type<RunId>(),
    /** When it was put away; null while it is in the list. */
    archivedAt: epochMs('archived_at'),
  },
  (table) => [index('sessions_project').on(table.projectId, table.updatedAt)],
)

export const sessionRef = () =>
  text('session_id')
    .$type<SessionId>()
    .notNull()
    .references(() => sessions.id, { onDelete: 'cascade' })

/** What a person keeps at the top of a project's list. */
export const sessionPins = pgTable(
  'session_pins',
  {
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    sessionId: sessionRef(),
    createdAt: epochMs('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.sessionId] })],
)

/** Every finished item. `data` is the item's JSON; an approval's or a question's is brought up to date when it changes. */
export const items = pgTable(
  'items',
  {
    sessionId: sessionRef(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    id: text('id').$type<ItemId>().notNull(),
    runId: text('run_id').$type<RunId>(),
    data: jsonb('data').$type<Item>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.sessionId, table.seq] }), unique('items_id').on(table.id), index('items_run').on(table.runId)],
)

/** Messages that were accepted and not yet read by a run. */
export const queuedMessages = pgTable(
  'queued_messages',
  {
    id: text('id').$type<ItemId>().primaryKey(),
    sessionId: sessionRef(),
    authorId: text('author_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    /** For whom it is. */
    agentId: text('agent_id').$type<AgentId>().notNull(),
    text: text('text').notNull(),
    mode: text('mode').$type<MessageMode>().notNull(),
    replyTo: text('reply_to').$type<ItemId>(),
    /** What its author chose the agent to answer with. */
    model: text('model'),
    /** Files of the workspace that came with it. */
    attachments: jsonb('attachments').$type<FilePath[]>(),
    /** The request that accepted it. */
    requestId: text('request_id'),
    createdAt: epochMs('created_at').notNull(),
    editedBy: text('edited_by')
      .$type<UserId>()
      .references(() => users.id),
  },
  (table) => [index('queued_messages_session').on(table.sessionId, table.createdAt)],
)
