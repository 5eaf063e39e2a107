import { sql } from 'drizzle-orm'
import type { CopiesOfNames } from '../db/copies-of-names.ts'
import { pythonCells } from './table.ts'

export const namesInCells: CopiesOfNames[] = [{ table: pythonCells, column: pythonCells.data, project: sql`t.project_id` }]
