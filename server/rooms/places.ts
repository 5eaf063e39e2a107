import { setTimeout as wait } from 'node:timers/promises'
import type { ProjectId } from '#shared/base/ids.ts'
import { leaseLimits } from './limits.ts'
import type { Hold, Leases } from './port.ts'
import type { RoomRef } from './room-of.ts'

/** Where a room is: here, held until that is let go of; at the process behind a connection; or with nobody who answers. */
export type Place<There> = { at: 'here'; hold: Hold | undefined } | { at: 'there'; there: There } | { at: 'nowhere' }

export type Places = {
  /**
   * Takes a room that is nobody's. One whose owner does not answer is waited for as long as it takes to be free.
   * @param reach comes to the process at an address, and throws when nobody answers there
   * @param onlyHere does not ask for anybody else: the request was passed on already
   */
  find<There>(ref: RoomRef, reach: (url: string) => Promise<There>, onlyHere: boolean): Promise<Place<There>>
}

type Deps = { leases: Pick<Leases, 'tryHold' | 'ownerUrl' | 'forgetOwner'>; projectOf(ref: RoomRef): Promise<ProjectId | undefined> }

/** A room whose owner died is taken within the time of a lease. In ms. */
const patienceMs = leaseLimits.leaseMs + 2_000

export function createPlaces({ leases, projectOf }: Deps): Places {
  async function find<There>(ref: RoomRef, reach: (url: string) => Promise<There>, onlyHere: boolean): Promise<Place<There>> {
    const projectId = await projectOf(ref)
    // Whoever serves it says that there is no such thing.
    if (!projectId) return { at: 'here', hold: undefined }
    for (const giveUpAt = performance.now() + patienceMs; ; await wait(leaseLimits.pollMs)) {
      const isKnown = !onlyHere && leases.ownerUrl(projectId) !== undefined
      const hold = isKnown ? undefined : await leases.tryHold(projectId)
      if (hold) return { at: 'here', hold }
      if (onlyHere) return { at: 'nowhere' }
      const url = leases.ownerUrl(projectId)
      const there = url === undefined ? undefined : await reach(url).catch(() => undefined)
      if (there !== undefined) return { at: 'there', there }
      leases.forgetOwner(projectId)
      if (performance.now() > giveUpAt) return { at: 'nowhere' }
    }
  }
  return {
    // With a database that is away, or a project that is gone, it is served here: that has words for it.
    find: (ref, reach, onlyHere) => find(ref, reach, onlyHere).catch(() => ({ at: 'here', hold: undefined })),
  }
}
