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

const late = Symbol('late')

/** The database's answer, or `late`: a database that is cut off never answers. An answer that comes later is given to `drop`. */
async function inTime<T>(asked: Promise<T>, until: number, drop: (value: T) => void = () => undefined): Promise<T | typeof late> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => resolve(late), Math.max(0, until - performance.now()))
  })
  const first = await Promise.race([asked, patience]).finally(() => clearTimeout(timer))
  if (first === late) asked.then(drop).catch(() => undefined)
  return first
}

export function createPlaces({ leases, projectOf }: Deps): Places {
  async function find<There>(ref: RoomRef, reach: (url: string) => Promise<There>, onlyHere: boolean): Promise<Place<There>> {
    const giveUpAt = performance.now() + patienceMs
    const projectId = await inTime(projectOf(ref), giveUpAt)
    if (projectId === late) return { at: 'nowhere' }
    // Whoever serves it says that there is no such thing.
    if (!projectId) return { at: 'here', hold: undefined }
    for (; ; await wait(leaseLimits.pollMs)) {
      const isKnown = !onlyHere && leases.ownerUrl(projectId) !== undefined
      const hold = isKnown ? undefined : await inTime(leases.tryHold(projectId), giveUpAt, (unneeded) => unneeded?.release())
      if (hold === late) return { at: 'nowhere' }
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
    // When the database fails, or the project is gone, the request is served here: the routes have words for that.
    find: (ref, reach, onlyHere) => find(ref, reach, onlyHere).catch(() => ({ at: 'here', hold: undefined })),
  }
}
