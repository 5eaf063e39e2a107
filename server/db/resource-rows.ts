import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'

/** Where a thing that calls name by its id stands, and what a call is given of it: the names of `Membership`. */
export type ResourceRows = {
  stored: { table: PgTable; id: PgColumn; projectId: PgColumn }
  given: { sessionId?: PgColumn; runId?: PgColumn; approvalId?: PgColumn }
}
