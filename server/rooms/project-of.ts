import type { ProjectId } from '#shared/base/ids.ts'
import { findProject } from '../auth/resources.ts'
import type { Database } from '../db/port.ts'
import type { RoomRef } from './room-of.ts'

/** What was found is remembered: it never changes. */
const mostKnown = 10_000

/** Finds the project of what a request names; undefined when there is no such thing. */
export function createProjectOf(
  database: Database,
  ofPreview: (label: string) => Promise<ProjectId | undefined>,
): (ref: RoomRef) => Promise<ProjectId | undefined> {
  const known = new Map<string, ProjectId>()

  return async (ref) => {
    if (ref.resource === 'preview') return ofPreview(ref.id)
    const before = known.get(ref.id)
    if (before) return before
    const projectId = await findProject(database, ref)
    if (projectId && ref.resource !== 'project') {
      if (known.size >= mostKnown) known.delete(known.keys().next().value ?? '')
      known.set(ref.id, projectId)
    }
    return projectId
  }
}
