import { sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { ProjectId } from '#shared/base/ids.ts'
import { approvals } from '../approvals/table.ts'
import type { Database } from '../db/port.ts'
import { desktopControl } from '../desktop/table.ts'
import { fileConflicts } from '../files/table.ts'
import { pythonCells } from '../python/table.ts'
import { runs, steps } from '../runs/table.ts'
import { items, sessions } from '../sessions/table.ts'
import { documentAuthors } from '../sync/table.ts'
import { terminals } from '../terminals/table.ts'
import { forgetName } from './names.ts'
import type { Forgotten } from './names.ts'

/** Where JSON with names of people is stored, and the project a row of `t` belongs to. Everything else asks for the name by the id. */
const places: { table: PgTable; column: PgColumn; project: ReturnType<typeof sql> }[] = [
  { table: items, column: items.data, project: sql`(select s.project_id from ${sessions} s where s.id = t.session_id)` },
  { table: steps, column: steps.result, project: sql`(select r.project_id from ${runs} r where r.id = t.run_id)` },
  { table: steps, column: steps.error, project: sql`(select r.project_id from ${runs} r where r.id = t.run_id)` },
  { table: runs, column: runs.error, project: sql`t.project_id` },
  { table: approvals, column: approvals.data, project: sql`t.project_id` },
  { table: pythonCells, column: pythonCells.data, project: sql`t.project_id` },
  { table: terminals, column: terminals.createdBy, project: sql`t.project_id` },
  { table: desktopControl, column: desktopControl.control, project: sql`t.project_id` },
  { table: fileConflicts, column: fileConflicts.data, project: sql`t.project_id` },
  { table: documentAuthors, column: documentAuthors.author, project: sql`t.project_id` },
]

const batch = 200

type Row = { place: string; data: unknown; project: ProjectId }

/**
 * Rewrites every stored copy of the name. `projects` are where the person was; those in which copies are found are added. Rows are read
 * and written a few at a time, each few in a transaction of its own, so that a large workspace goes on meanwhile. May be called again.
 */
export async function forgetInRows(database: Database, who: Forgotten, projects: Set<ProjectId>): Promise<void> {
  for (const place of places) await forgetIn(database, place, who, [who.userId], projects)
  const named = [...who.names].map((name) => JSON.stringify(name).slice(1, -1))
  if (projects.size === 0) return
  for (const place of places) await forgetIn(database, place, who, named, projects, [...projects])
}

async function forgetIn(
  database: Database,
  { table, column, project }: (typeof places)[number],
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
