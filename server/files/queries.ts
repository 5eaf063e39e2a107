import { sql } from 'drizzle-orm'
import type { CopiesOfNames } from '../db/copies-of-names.ts'
import { fileConflicts } from './table.ts'

export const namesInConflicts: CopiesOfNames[] = [{ table: fileConflicts, column: fileConflicts.data, project: sql`t.project_id` }]
