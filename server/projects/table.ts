import { boolean, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { InviteId, ProjectId, UserId } from '#shared/base/ids.ts'
import type { Role } from '#shared/projects/schema.ts'
import { users } from '../auth/table.ts'
import { epochMs } from '../db/columns.ts'

export const projects = pgTable('projects', {
  id: text('id').$type<ProjectId>().primaryKey(),
  name: text('name').notNull(),
  createdBy: text('created_by')
    .$type<UserId>()
    .notNull()
    .references(() => users.id),
  createdAt: epochMs('created_at').notNull(),
  updatedAt: epochMs('updated_at').notNull(),
  /** Viewers may write to the people of the room, never to its agent. */
  viewersMayWrite: boolean('viewers_may_write').notNull().default(false),
})

export const projectRef = () =>
  text('project_id')
    .$type<ProjectId>()
    .notNull()
    .references(() => projects.id, { onDelete: 'cascade' })

export const members = pgTable(
  'members',
  {
    projectId: projectRef(),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text('role').$type<Role>().notNull(),
    joinedAt: epochMs('joined_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.userId] }), index('members_user').on(table.userId)],
)

/** `tokenHash` is the SHA-256 of the link's token. */
export const invites = pgTable(
  'invites',
  {
    id: text('id').$type<InviteId>().primaryKey(),
    projectId: projectRef(),
    role: text('role').$type<Exclude<Role, 'owner'>>().notNull(),
    tokenHash: text('token_hash').notNull().unique(),
    createdBy: text('created_by')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    createdAt: epochMs('created_at').notNull(),
    expiresAt: epochMs('expires_at').notNull(),
    revokedAt: epochMs('revoked_at'),
  },
  (table) => [index('invites_project').on(table.projectId)],
)

/** Who has used a link, or may not any more: a removal or a weaker role bars every link that exists then. */
export const inviteUses = pgTable(
  'invite_uses',
  {
    inviteId: text('invite_id')
      .$type<InviteId>()
      .notNull()
      .references(() => invites.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    usedAt: epochMs('used_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.inviteId, table.userId] })],
)
