import { bigint, index, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import type { CellId } from '#shared/base/ids.ts'
import type { Cell, CellStatus } from '#shared/python/schema.ts'
import { projectRef } from '../projects/table.ts'

/** Every piece of Python that was run in a room. `data` is the cell's JSON; figures and tables are artifacts. */
export const pythonCells = pgTable(
  'python_cells',
  {
    projectId: projectRef(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    id: text('id').$type<CellId>().notNull(),
    status: text('status').$type<CellStatus>().notNull(),
    data: jsonb('data').$type<Cell>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.seq] }),
    unique('python_cells_id').on(table.id),
    index('python_cells_status').on(table.status),
  ],
)
