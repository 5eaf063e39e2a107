import { isNull } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { KeyScope } from '#shared/auth/scopes.ts'
import type { ApiKeyId, UserId } from '#shared/base/ids.ts'
import { epochMs } from '../db/columns.ts'

export const users = pgTable('users', {
  id: text('id').$type<UserId>().primaryKey(),
  /** Lower case. */
  email: text('email').notNull().unique(),
  name: text('name').notNull(),
  /** argon2id in PHC form. */
  passwordHash: text('password_hash').notNull(),
  admin: boolean('admin').notNull(),
  createdAt: epochMs('created_at').notNull(),
  /** Nothing lets them in while it is set: see `mayEnter`. */
  disabledAt: epochMs('disabled_at'),
  /** The person's data is gone, and the row stays for what refers to it: `name` says that somebody left, `email` is the id. */
  erasedAt: epochMs('erased_at'),
})

/** The one rule about whose cookies and keys work; every query that looks one up has it. */
export const mayEnter = isNull(users.disabledAt)

/** What of an account is shown to its person. */
export const shownAccount = { id: users.id, name: users.name, email: users.email, admin: users.admin, createdAt: users.createdAt }

/** Cookie sessions. `id` is the SHA-256 of what the cookie holds. */
export const authSessions = pgTable(
  'auth_sessions',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: epochMs('created_at').notNull(),
    expiresAt: epochMs('expires_at').notNull(),
    userAgent: text('user_agent').notNull().default(''),
    /** To the minute; null until the first request after signing in. */
    lastSeenAt: epochMs('last_seen_at'),
  },
  (table) => [index('auth_sessions_user').on(table.userId)],
)

/** Keys of scripts. `hash` is the SHA-256 of `sk_…`. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: text('id').$type<ApiKeyId>().primaryKey(),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    hash: text('hash').notNull().unique(),
    /** Keys of before there were scopes read and write. */
    scopes: jsonb('scopes').$type<KeyScope[]>().notNull().default(['read', 'write']),
    createdAt: epochMs('created_at').notNull(),
    lastUsedAt: epochMs('last_used_at'),
  },
  (table) => [index('api_keys_user').on(table.userId)],
)

/** One link a person with which they choose a new password. `tokenHash` is the SHA-256 of its token. */
export const passwordResets = pgTable('password_resets', {
  userId: text('user_id')
    .$type<UserId>()
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  tokenHash: text('token_hash').notNull().unique(),
  expiresAt: epochMs('expires_at').notNull(),
})

/** How often somebody has tried something that is limited; the shape is the limiter's. `key` is a hash: it may stand for an address. */
export const attempts = pgTable('attempts', {
  key: text('key').primaryKey(),
  points: integer('points').notNull(),
  expire: timestamp('expire', { withTimezone: true }),
})
