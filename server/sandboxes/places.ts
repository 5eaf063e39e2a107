import { AppError } from '#shared/base/errors.ts'
import type { ProjectId, UserId } from '#shared/base/ids.ts'

/** How many sandboxes may run at once, and how much memory they may have together. */
export type PlaceCeilings = { running: number; perPerson: number; totalMemoryBytes: number }
export type Wanted = { projectId: ProjectId; person: UserId; memoryBytes: number }
/** What is missing for the next. */
export type Lack = 'person' | 'place' | 'memory'
/** Why it waits: for others before it, or because its own person has as many as may run. */
export type Waiting = { reason: 'machine'; ahead: number } | { reason: 'person'; running: number }

type Place = Wanted & { status: 'running' | 'resting' }
type Entry = Wanted & { told: string; tell(waiting: Waiting): void; enter(): void; refuse(why: AppError): void }

export type Places = ReturnType<typeof createPlaces>

/** Starts that may wait at once. */
const mostWaiting = { all: 100, perPerson: 10 }

const givenUp = () => new AppError('conflict', 'The start of the sandbox was given up.')

/**
 * The places of sandboxes that run, and who waits for one. The person with the fewest places is next, of those with as many who
 * asked first; nobody is overtaken for want of memory. What rests with its memory has a place in that memory alone. In this
 * process only: after a restart whoever opens a room asks anew.
 * @param makeRoom asked whenever somebody waits: somebody's idle sandbox may give its place
 */
export function createPlaces(ceilings: PlaceCeilings, makeRoom: (lack: Lack, next: Wanted) => void) {
  const places = new Map<ProjectId, Place>()
  let queue: Entry[] = []

  const runningOf = (person?: UserId) =>
    [...places.values()].filter((one) => one.status === 'running' && (person === undefined || one.person === person)).length
  const memory = () => [...places.values()].reduce((sum, one) => sum + one.memoryBytes, 0)
  const isFullFor = (person: UserId) => runningOf(person) >= ceilings.perPerson

  function fits({ projectId, memoryBytes }: Wanted): boolean {
    const own = places.get(projectId)?.memoryBytes ?? 0
    const others = memory() - own
    // One alone may always run, whatever the sum.
    return runningOf() < ceilings.running && (others === 0 || others + memoryBytes <= ceilings.totalMemoryBytes)
  }

  /** In the order in which they will enter. */
  function ordered(): Entry[] {
    const counts = new Map<UserId, number>()
    const countOf = (person: UserId) => counts.get(person) ?? runningOf(person)
    const left = [...queue]
    const order: Entry[] = []
    while (left.length > 0) {
      const next = left.reduce((best, one) => (countOf(one.person) < countOf(best.person) ? one : best))
      counts.set(next.person, countOf(next.person) + 1)
      left.splice(left.indexOf(next), 1)
      order.push(next)
    }
    return order
  }

  function enter(wanted: Wanted): void {
    const { projectId, person, memoryBytes } = wanted
    places.set(projectId, { projectId, person, memoryBytes, status: 'running' })
  }

  function settle(): void {
    for (let next = firstThatFits(); next; next = firstThatFits()) {
      const entered = next
      queue = queue.filter((one) => one !== entered)
      enter(entered)
      entered.enter()
    }
    let ahead = 0
    for (const one of ordered()) {
      const waiting: Waiting = isFullFor(one.person) ? { reason: 'person', running: runningOf(one.person) } : { reason: 'machine', ahead: ahead++ }
      const told = JSON.stringify(waiting)
      if (told === one.told) continue
      one.told = told
      one.tell(waiting)
    }
  }

  function firstThatFits(): Entry | undefined {
    const next = ordered().find(({ person }) => !isFullFor(person))
    return next && fits(next) ? next : undefined
  }

  function askForRoom(): void {
    const order = ordered()
    const blocked = order.find(({ person }) => !isFullFor(person))
    if (blocked) makeRoom(runningOf() >= ceilings.running ? 'place' : 'memory', blocked)
    const persons = new Set<UserId>()
    for (const one of order) {
      if (!isFullFor(one.person) || persons.has(one.person)) continue
      persons.add(one.person)
      makeRoom('person', one)
    }
  }

  return {
    /**
     * Resolves when it may start. @param tell while it waits, at once and after each change of its place in the queue
     * @throws AppError `rate_limited` when too many wait, `conflict` when it was given up
     */
    take(wanted: Wanted, tell: (waiting: Waiting) => void): Promise<void> {
      const { projectId, person } = wanted
      if (places.get(projectId)?.status === 'running') {
        enter(wanted)
        return Promise.resolve()
      }
      if (queue.length >= mostWaiting.all || queue.filter((one) => one.person === person).length >= mostWaiting.perPerson) {
        return Promise.reject(new AppError('rate_limited', 'Too many sandboxes wait for a place. Try again later.', { retryAfterS: 60 }))
      }
      return new Promise((resolve, reject) => {
        queue.push({ ...wanted, told: '', tell, enter: resolve, refuse: reject })
        settle()
        if (queue.length > 0) askForRoom()
      })
    },
    /** It does not run any more. @param keepsMemory it is frozen */
    leave(projectId: ProjectId, keepsMemory: boolean): void {
      const place = places.get(projectId)
      if (!place) return
      if (keepsMemory) place.status = 'resting'
      else places.delete(projectId)
      settle()
      if (queue.length > 0) askForRoom()
    },
    resize(projectId: ProjectId, memoryBytes: number): void {
      const place = places.get(projectId)
      if (place) place.memoryBytes = memoryBytes
      settle()
    },
    giveUp(projectId: ProjectId): void {
      const gone = queue.filter((one) => one.projectId === projectId)
      queue = queue.filter((one) => one.projectId !== projectId)
      for (const one of gone) one.refuse(givenUp())
      settle()
    },
    askForRoom,
    waiting: () => queue.map(({ projectId }) => projectId),
    stop(): void {
      for (const { projectId } of queue) this.giveUp(projectId)
    },
  }
}
