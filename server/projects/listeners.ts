import type { ProjectId, UserId } from '#shared/base/ids.ts'

export type AccessListener = (projectId: ProjectId, userId: UserId) => void

/** Who is told at once of what happens to projects, in this process. */
export function createListeners() {
  const access: AccessListener[] = []
  const change: ((projectId: ProjectId) => void)[] = []

  const changed = (projectId: ProjectId) => change.forEach((listener) => listener(projectId))
  return {
    changed,
    accessChanged(projectId: ProjectId, userId: UserId): void {
      for (const listener of access) listener(projectId, userId)
      changed(projectId)
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
    },
  }
}
