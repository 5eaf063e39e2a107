import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Documents } from '../sync/port.ts'
import { readPeople, writePeople } from './lease-store.ts'
import type { Leases } from './port.ts'

/** Who comes and goes is told to other processes this much later, all at once; in ms. */
const gatherMs = 500

type Deps = {
  database: Database
  leases: Pick<Leases, 'current'>
  documents: Pick<Documents, 'peopleIn' | 'onPeople'>
  log: Logger
}

/** Who is in which room, also in those that other processes have. */
export function createRoomPeople({ database, leases, documents, log }: Deps) {
  const waiting = new Map<ProjectId, NodeJS.Timeout>()
  const isShared = database.kind === 'postgres'

  function write(projectId: ProjectId): void {
    waiting.delete(projectId)
    const lease = leases.current(projectId)
    if (!lease) return
    writePeople(database, lease, documents.peopleIn(projectId)).catch((error: unknown) =>
      log.warn({ err: error, projectId }, 'the other server processes do not know who is in a room'),
    )
  }

  if (isShared)
    documents.onPeople((projectId) => {
      if (waiting.has(projectId)) return
      const timer = setTimeout(write, gatherMs, projectId)
      timer.unref()
      waiting.set(projectId, timer)
    })

  return async function peopleIn(projectIds: readonly ProjectId[]): Promise<Map<ProjectId, UserId[]>> {
    const here = projectIds.filter((id) => !isShared || leases.current(id))
    const elsewhere = projectIds.filter((id) => isShared && !leases.current(id))
    const people = await readPeople(database, elsewhere)
    for (const id of here) people.set(id, documents.peopleIn(id))
    return people
  }
}
