import type { ProjectId } from '#shared/base/ids.ts'
import { leaseLimits } from './limits.ts'

/** Where the processes are reached that have other rooms, as it was a moment ago. Moments are those of `performance.now()`. */
export function createKnownOwners() {
  const known = new Map<ProjectId, { url: string; until: number }>()
  return {
    note: (projectId: ProjectId, url: string): void => void known.set(projectId, { url, until: performance.now() + leaseLimits.knownMs }),
    urlOf(projectId: ProjectId): string | undefined {
      const owner = known.get(projectId)
      return owner && performance.now() < owner.until ? owner.url || undefined : undefined
    },
    forget: (projectId: ProjectId): void => void known.delete(projectId),
    forgetOld(now: number): void {
      for (const [projectId, { until }] of known) if (until < now) known.delete(projectId)
    },
  }
}
