import { sql } from 'drizzle-orm'
import type { ProjectId } from '#shared/base/ids.ts'
import { namesInApprovals } from '../approvals/queries.ts'
import type { CopiesOfNames } from '../db/copies-of-names.ts'
import type { Database } from '../db/port.ts'
import { namesInDesktopControl } from '../desktop/queries.ts'
import { namesInConflicts } from '../files/queries.ts'
import { namesInCells } from '../python/queries.ts'
import { namesInRuns } from '../runs/queries.ts'
import { namesInSessions } from '../sessions/queries.ts'
import { namesInDocumentAuthors } from '../sync/queries.ts'
import { namesInTerminals } from '../terminals/queries.ts'
import { forgetName } from './names.ts'
import type { Forgotten } from './names.ts'

/** Every column of the database that holds copies of names. */
export const copiesOfNames: readonly CopiesOfNames[] = [
  ...namesInSessions,
  ...namesInRuns,
  ...namesInApprovals,
  ...namesInCells,
  ...namesInTerminals,
  ...namesInDesktopControl,
  ...namesInConflicts,
  ...namesInDocumentAuthors,
]

const batch = 200

type Row = { place: string; data: unknown; project: ProjectId }

/**
 * Rewrites every stored copy of the name. `projects` are where the person was; those in which copies are found are added. Rows are read
 * and written a few at a time, each few in a transaction of its own, so that a large workspace goes on meanwhile. May be called again.
 */
export async function forgetInRows(database: Database, who: Forgotten, projects: Set<ProjectId>): Promise<void> {
  for (const place of copiesOfNames) await forgetIn(database, place, who, [who.userId], projects)
  const named = [...who.names].map((name) => JSON.stringify(name).slice(1, -1))
  if (projects.size === 0) return
  for (const place of copiesOfNames) await forgetIn(database, place, who, named, projects, [...projects])
}

async function forgetIn(
  database: Database,
  { table, column, project }: (typeof copiesOfNames)[number],
  who: Forgotten,
  texts: readonly string[],
  found: Set<ProjectId>,
  only?: readonly ProjectId[],
): Promise<void> {
  const field = sql.identifier(column.name)
  const holds = sql.join(
    texts.map((text) => sql`strpos(t.${field}::text, ${text}) > 0`),
    sql` or `,
  )
  const where = only ? sql`and ${project} in ${[...only]}` : sql``
  for (let last = '(0,0)'; ;) {
    const seen = await database.transaction(async (tx) => {
      const rows = await database.rows<Row>(
        sql`select t.ctid::text as place, t.${field} as data, ${project} as project from ${table} t
          where t.ctid > ${last}::text::tid and (${holds}) ${where} order by t.ctid limit ${batch} for update of t`,
        tx,
      )
      for (const row of rows) {
        const next = forgetName(row.data, who)
        if (next === row.data) continue
        if (row.project) found.add(row.project)
        await tx.execute(sql`update ${table} set ${field} = ${JSON.stringify(next)}::text::jsonb where ctid = ${row.place}::text::tid`)
      }
      return rows
    })
    const end = seen.at(-1)
    if (!end) return
    last = end.place
  }
}
