import type { ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import type { Logger } from '../base/logger.ts'

export type AccessListener = (projectId: ProjectId, userId: UserId) => void
/** Called once the rows are gone, with the sessions that went with the project. */
type DeletedListener = (projectId: ProjectId, sessionIds: SessionId[]) => Promise<void>

/** Who is told of what happens to projects. */
export function createListeners(log: Logger) {
  const access: AccessListener[] = []
  const deleted: DeletedListener[] = []
  const change: ((projectId: ProjectId) => void)[] = []

  const changed = (projectId: ProjectId) => change.forEach((listener) => listener(projectId))
  return {
    changed,
    accessChanged(projectId: ProjectId, userId: UserId): void {
      for (const listener of access) listener(projectId, userId)
      changed(projectId)
    },
    /** One after the other; one that fails keeps no other from it. */
    async deleted(projectId: ProjectId, sessionIds: SessionId[]): Promise<void> {
      for (const listener of deleted) {
        await listener(projectId, sessionIds).catch((error: unknown) =>
          log.error({ err: error, projectId }, 'cleaning up after a deleted project failed'),
        )
      }
    },

    on: {
      /** A role changed, or somebody came or went; once for each person. */
      onAccessChanged(listener: AccessListener): void {
        access.push(listener)
      },
      /** The name, what viewers may do, or the people changed. */
      onChanged(listener: (projectId: ProjectId) => void): void {
        change.push(listener)
      },
      onDeleted(listener: DeletedListener): void {
        deleted.push(listener)
      },
    },
  }
}
