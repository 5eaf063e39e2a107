import { eq } from 'drizzle-orm'
import type { ProjectId } from '#shared/base/ids.ts'
import { approvals } from '../approvals/table.ts'
import type { Database } from '../db/port.ts'
import { runs } from '../runs/table.ts'
import { sessions } from '../sessions/table.ts'
import type { RoomRef } from './room-of.ts'

/** What was found is remembered: it never changes. */
const mostKnown = 10_000

/** Finds the project of what a request names; undefined when there is no such thing. */
export function createProjectOf(
  { db }: Database,
  ofPreview: (label: string) => Promise<ProjectId | undefined>,
): (ref: RoomRef) => Promise<ProjectId | undefined> {
  const known = new Map<string, ProjectId>()

  async function find(ref: RoomRef): Promise<ProjectId | undefined> {
    switch (ref.resource) {
      case 'project':
        return ref.id
      case 'preview':
        return ofPreview(ref.id)
      case 'session':
        return (await db.select({ projectId: sessions.projectId }).from(sessions).where(eq(sessions.id, ref.id)))[0]?.projectId
      case 'run':
        return (await db.select({ projectId: runs.projectId }).from(runs).where(eq(runs.id, ref.id)))[0]?.projectId
      case 'approval':
        return (await db.select({ projectId: approvals.projectId }).from(approvals).where(eq(approvals.id, ref.id)))[0]?.projectId
    }
  }

  return async (ref) => {
    const before = known.get(ref.id)
    if (before) return before
    const projectId = await find(ref)
    if (projectId && ref.resource !== 'project' && ref.resource !== 'preview') {
      if (known.size >= mostKnown) known.delete(known.keys().next().value ?? '')
      known.set(ref.id, projectId)
    }
    return projectId
  }
}
