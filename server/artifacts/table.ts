import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { ArtifactId } from '#shared/base/ids.ts'
import { bytes, epochMs } from '../db/columns.ts'
import { projectRef } from '../projects/table.ts'

/** What a tool kept aside, such as the whole output of a command. */
export const artifacts = pgTable(
  'artifacts',
  {
    id: text('id').$type<ArtifactId>().primaryKey(),
    projectId: projectRef(),
    name: text('name').notNull(),
    mime: text('mime').notNull(),
    size: integer('size').notNull(),
    createdAt: epochMs('created_at').notNull(),
  },
  (table) => [index('artifacts_project').on(table.projectId, table.createdAt)],
)

/** Its bytes, in parts of at most 256 KB. */
export const artifactParts = pgTable(
  'artifact_parts',
  {
    artifactId: text('artifact_id')
      .$type<ArtifactId>()
      .notNull()
      .references(() => artifacts.id, { onDelete: 'cascade' }),
    part: integer('part').notNull(),
    data: bytes('data').notNull(),
  },
  (table) => [primaryKey({ columns: [table.artifactId, table.part] })],
)
