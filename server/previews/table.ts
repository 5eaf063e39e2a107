import { index, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { UserId } from '#shared/base/ids.ts'
import { users } from '../auth/table.ts'
import { epochMs } from '../db/columns.ts'
import { projectRef } from '../projects/table.ts'

/** What the name of a preview shows, and to whom. The name itself is not kept: whoever knows it sees what it shows. */
export const previewLabels = pgTable(
  'preview_labels',
  {
    hash: text('hash').primaryKey(),
    projectId: projectRef(),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    credentialId: text('credential_id').notNull(),
    target: jsonb('target').$type<{ kind: 'port'; port: number } | { kind: 'pages'; shownBy: string }>().notNull(),
    usedAt: epochMs('used_at').notNull(),
  },
  (table) => [index('preview_labels_project').on(table.projectId), index('preview_labels_credential').on(table.credentialId)],
)
