import type { SQL } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'

/**
 * A column in which JSON holds names of people as they were, so that they can be taken out of it. Everything else asks for the name by the id.
 * `project`: the project that a row belongs to; the row is `t`.
 */
export type CopiesOfNames = { table: PgTable; column: PgColumn; project: SQL }
