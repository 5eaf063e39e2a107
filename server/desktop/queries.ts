import { sql } from 'drizzle-orm'
import type { CopiesOfNames } from '../db/copies-of-names.ts'
import { desktopControl } from './table.ts'

export const namesInDesktopControl: CopiesOfNames[] = [{ table: desktopControl, column: desktopControl.control, project: sql`t.project_id` }]
