import { eq } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { DesktopControl, noControl } from '#shared/desktop/schema.ts'
import type { Database, Db } from '../db/port.ts'
import { isForeignKeyViolation } from '../db/errors.ts'
import { desktopControl } from './table.ts'

const parse = (value: unknown): DesktopControl => DesktopControl.safeParse(value).data ?? noControl

export async function readControl({ db }: Pick<Database, 'db'>, projectId: ProjectId): Promise<DesktopControl> {
  const [row] = await db.select().from(desktopControl).where(eq(desktopControl.projectId, projectId))
  return parse(row?.control)
}

/** Every project in which somebody has control or asks for it. */
export async function heldControls({ db }: Pick<Database, 'db'>): Promise<{ projectId: ProjectId; control: DesktopControl }[]> {
  const rows = await db.select().from(desktopControl)
  return rows.map(({ projectId, control }) => ({ projectId, control: parse(control) })).filter(({ control }) => control.holder !== null)
}

/**
 * Reads under a lock, and writes what `decide` makes of it. @throws AppError `not_found` without the project
 */
export async function changeControl<T>(
  tx: Db,
  projectId: ProjectId,
  decide: (control: DesktopControl) => Promise<{ control: DesktopControl; value: T }>,
): Promise<{ control: DesktopControl; value: T }> {
  try {
    await tx.insert(desktopControl).values({ projectId, control: noControl }).onConflictDoNothing()
  } catch (error) {
    if (isForeignKeyViolation(error)) throw new AppError('not_found', 'This project does not exist.')
    throw error
  }
  const [row] = await tx.select().from(desktopControl).where(eq(desktopControl.projectId, projectId)).for('update')
  if (!row) throw new AppError('not_found', 'This project does not exist.')
  const before = parse(row.control)
  const decided = await decide(before)
  if (decided.control !== before) {
    await tx
      .update(desktopControl)
      .set({ control: decided.control, version: row.version + 1 })
      .where(eq(desktopControl.projectId, projectId))
  }
  return decided
}
