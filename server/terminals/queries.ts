import { sql } from 'drizzle-orm'
import type { CopiesOfNames } from '../db/copies-of-names.ts'
import { terminals } from './table.ts'

export const namesInTerminals: CopiesOfNames[] = [{ table: terminals, column: terminals.createdBy, project: sql`t.project_id` }]
