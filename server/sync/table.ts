import { bigint, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { ProjectId } from '#shared/base/ids.ts'
import type { FileAuthor } from '#shared/files/state.ts'
import { bytes, epochMs } from '../db/columns.ts'
import { projectRef } from '../projects/table.ts'

const seq = (name: string) => bigint(name, { mode: 'number' })

/** The log: Yjs updates (v1), merged over one short interval, since the last snapshot. */
export const documentUpdates = pgTable(
  'document_updates',
  {
    document: text('document').notNull(),
    seq: seq('seq').notNull(),
    at: epochMs('at').notNull(),
    projectId: text('project_id').$type<ProjectId>().notNull(),
    data: bytes('data').notNull(),
  },
  (table) => [primaryKey({ columns: [table.document, table.seq] }), index('document_updates_project').on(table.projectId)],
)

/** The whole state as of `seq`, in parts of at most 256 KB. A snapshot is whole when it has `parts` rows. */
export const documentSnapshots = pgTable(
  'document_snapshots',
  {
    document: text('document').notNull(),
    seq: seq('seq').notNull(),
    part: integer('part').notNull(),
    parts: integer('parts').notNull(),
    at: epochMs('at').notNull(),
    projectId: text('project_id').$type<ProjectId>().notNull(),
    data: bytes('data').notNull(),
  },
  (table) => [primaryKey({ columns: [table.document, table.seq, table.part] }), index('document_snapshots_project').on(table.projectId)],
)

/**
 * What replay plays: deflated runs of updates that a snapshot has superseded, each with its time, and keyframes (whole
 * states) to start from.
 */
export const documentHistory = pgTable(
  'document_history',
  {
    document: text('document').notNull(),
    fromSeq: seq('from_seq').notNull(),
    toSeq: seq('to_seq').notNull(),
    kind: text('kind').$type<'segment' | 'keyframe'>().notNull(),
    part: integer('part').notNull(),
    parts: integer('parts').notNull(),
    fromAt: epochMs('from_at').notNull(),
    toAt: epochMs('to_at').notNull(),
    projectId: text('project_id').$type<ProjectId>().notNull(),
    data: bytes('data').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.document, table.kind, table.fromSeq, table.part] }),
    index('document_history_project').on(table.projectId),
  ],
)

/**
 * Whose a Yjs client id in a document that people write is: taken by the first edit under it, before that is applied. `fromClock` -1: all of
 * it; else only the clocks from there to `toClock`, sent again by somebody else (see `authors.ts`).
 */
export const documentAuthors = pgTable(
  'document_authors',
  {
    document: text('document').notNull(),
    client: bigint('client', { mode: 'number' }).notNull(),
    fromClock: bigint('from_clock', { mode: 'number' }).notNull(),
    toClock: bigint('to_clock', { mode: 'number' }).notNull(),
    projectId: projectRef(),
    author: jsonb('author').$type<FileAuthor>().notNull(),
    at: epochMs('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.document, table.client, table.fromClock] }), index('document_authors_project').on(table.projectId)],
)
