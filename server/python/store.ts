import { and, desc, eq, inArray, lt, max } from 'drizzle-orm'
import type { CellId, ProjectId } from '#shared/base/ids.ts'
import type { Cell } from '#shared/python/schema.ts'
import type { Database, Db } from '../db/port.ts'
import { pythonCells } from './table.ts'

/** Stores a new cell under the next number of its project; the cell that has this id already wins. */
export async function insertCell(database: Database, projectId: ProjectId, cell: Omit<Cell, 'seq'>): Promise<{ cell: Cell; fresh: boolean }> {
  return database.transaction(async (tx) => {
    const known = await findCell(tx, projectId, cell.id)
    if (known) return { cell: known, fresh: false }
    const [last] = await tx
      .select({ seq: max(pythonCells.seq) })
      .from(pythonCells)
      .where(eq(pythonCells.projectId, projectId))
    const numbered: Cell = { ...cell, seq: (last?.seq ?? 0) + 1 }
    await tx.insert(pythonCells).values({ projectId, seq: numbered.seq, id: cell.id, status: cell.status, data: numbered })
    return { cell: numbered, fresh: true }
  })
}

export async function updateCell(db: Db, cell: Cell): Promise<void> {
  await db.update(pythonCells).set({ status: cell.status, data: cell }).where(eq(pythonCells.id, cell.id))
}

export async function findCell(db: Db, projectId: ProjectId, id: CellId): Promise<Cell | undefined> {
  const [row] = await db
    .select({ data: pythonCells.data })
    .from(pythonCells)
    .where(and(eq(pythonCells.id, id), eq(pythonCells.projectId, projectId)))
  return row?.data
}

/** Cells with a number below `before`, the newest first. */
export async function listCells(db: Db, projectId: ProjectId, { before, limit }: { before?: number | undefined; limit: number }): Promise<Cell[]> {
  const rows = await db
    .select({ data: pythonCells.data })
    .from(pythonCells)
    .where(and(eq(pythonCells.projectId, projectId), before === undefined ? undefined : lt(pythonCells.seq, before)))
    .orderBy(desc(pythonCells.seq))
    .limit(limit)
  return rows.map(({ data }) => data)
}

/** Cells whose end was never stored, of all projects. */
export async function unfinishedCells(db: Db): Promise<{ projectId: ProjectId; cell: Cell }[]> {
  const rows = await db
    .select({ projectId: pythonCells.projectId, cell: pythonCells.data })
    .from(pythonCells)
    .where(inArray(pythonCells.status, ['queued', 'running']))
  return rows
}
