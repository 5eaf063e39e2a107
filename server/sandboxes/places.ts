import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { countPlaces, inOrder, lacks, nextToEnter } from './place-rules.ts'
import type { Counts, Lack, OtherPlace, Place, PlaceCeilings, Waiting, Wanted } from './place-rules.ts'

type Entry = Wanted & { told: string; tell(waiting: Waiting): void; enter(): void; refuse(why: unknown): void }

/** Where the places of all processes are counted. */
export type PlaceStore = {
  /**
   * Alone among all processes: `admit` is told what the others have, and hands back what this process has from then on, which is stored.
   * Rejects when it was not stored.
   */
  admit(admit: (others: readonly OtherPlace[]) => readonly Place[]): Promise<void>
  /** Stores what this process has when it changed of itself, and tells the others. Rejects when it was not stored. */
  publish(own: readonly Place[]): Promise<void>
}

export type Places = ReturnType<typeof createPlaces>

/** Starts that may wait at once. */
const mostWaiting = { all: 100, perPerson: 10 }

const givenUp = () => new AppError('conflict', 'The start of the sandbox was given up.')

/**
 * The places of sandboxes that run, and who waits for one: `place-rules.ts` says who is next. The queue is in this process only: after a
 * restart whoever opens a room asks anew.
 * @param makeRoom asked whenever somebody waits: somebody's idle sandbox may give its place
 * @param store of several processes; without it there are no places but those of this process
 */
export function createPlaces(ceilings: PlaceCeilings, makeRoom: (lack: Lack, next: Wanted) => void, store?: PlaceStore) {
  const places = new Map<ProjectId, Place>()
  let queue: Entry[] = []
  /** As they were when the store was asked last. */
  let others: readonly OtherPlace[] = []
  let isUnpublished = false
  let isStopped = false
  const counts = () => countPlaces(places.values(), others, ceilings)

  function enter({ projectId, person, memoryBytes }: Wanted): void {
    places.set(projectId, { projectId, person, memoryBytes, status: 'running' })
  }

  /** Gives a place to each that may enter. @returns them, with what they had before */
  function admit(): { entry: Entry; before: Place | undefined }[] {
    const admitted: ReturnType<typeof admit> = []
    for (let next = nextToEnter(queue, counts()); next; next = nextToEnter(queue, counts())) {
      const entry = next
      queue = queue.filter((one) => one !== entry)
      admitted.push({ entry, before: places.get(entry.projectId) })
      enter(entry)
    }
    return admitted
  }

  /** They were not admitted after all. Who is new hears why; who waits already waits on. */
  function takeBack(admitted: ReturnType<typeof admit>, why: unknown): void {
    // Perhaps it was stored, and the answer was lost.
    isUnpublished = true
    for (const { entry, before } of admitted) {
      if (before) places.set(entry.projectId, before)
      else places.delete(entry.projectId)
    }
    const all = [...admitted.map(({ entry }) => entry), ...queue]
    const isOver = (one: Entry) => isStopped || one.told === ''
    queue = all.filter((one) => !isOver(one))
    for (const one of all.filter(isOver)) one.refuse(why)
  }

  function askForRoom(): void {
    for (const { lack, next } of lacks(queue, counts())) makeRoom(lack, next)
  }

  async function settleIn(store: PlaceStore): Promise<void> {
    if (isUnpublished) {
      isUnpublished = false
      await store.publish([...places.values()]).catch(() => (isUnpublished = true))
    }
    if (queue.length === 0) return
    let admitted: ReturnType<typeof admit> = []
    const all = (seen: readonly OtherPlace[]) => {
      others = seen
      admitted = admit()
      return [...places.values()]
    }
    await store.admit(all).then(
      () => admitted.forEach(({ entry }) => entry.enter()),
      (thrown: unknown) => takeBack(admitted, thrown),
    )
    tellTurns(queue, counts())
    askForRoom()
  }

  const settleWithStore = store && oneAtATime(async () => isStopped || settleIn(store))
  /** Whoever may enter does. */
  function settle(): void {
    if (settleWithStore) return settleWithStore()
    for (const { entry } of admit()) entry.enter()
    tellTurns(queue, counts())
    askForRoom()
  }

  function change(projectId: ProjectId, to: Partial<Place> | undefined): void {
    const place = places.get(projectId)
    if (!place) return
    if (to) places.set(projectId, { ...place, ...to })
    else places.delete(projectId)
    isUnpublished = true
    settle()
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
      })
    },
    /** It does not run any more. @param keepsMemory it is frozen */
    leave: (projectId: ProjectId, keepsMemory: boolean): void => change(projectId, keepsMemory ? { status: 'resting' } : undefined),
    resize: (projectId: ProjectId, memoryBytes: number): void => change(projectId, { memoryBytes }),
    giveUp(projectId: ProjectId): void {
      const gone = queue.filter((one) => one.projectId === projectId)
      queue = queue.filter((one) => one.projectId !== projectId)
      for (const one of gone) one.refuse(givenUp())
      settle()
    },
    /** Another process may have given a place back, or somebody's sandbox may be idle by now. */
    lookAgain: settle,
    waiting: () => queue.map(({ projectId }) => projectId),
    stop(): void {
      isStopped = true
      for (const one of queue.splice(0)) one.refuse(givenUp())
    },
  }
}

/** Everybody who waits hears of a change of their turn. */
function tellTurns(queue: readonly Entry[], counts: Counts): void {
  let ahead = 0
  for (const one of inOrder(queue, counts)) {
    const waiting: Waiting = counts.isFullFor(one)
      ? { reason: 'person', running: counts.runningOf(one.person) }
      : { reason: 'machine', ahead: ahead++ }
    const told = JSON.stringify(waiting)
    if (told === one.told) continue
    one.told = told
    one.tell(waiting)
  }
}

/** Does some work when it is asked, and once more when it was asked meanwhile. The work never rejects. */
function oneAtATime(work: () => Promise<unknown>): () => void {
  let isBusy = false
  let isAsked = false
  return function ask(): void {
    isAsked = isBusy
    if (isBusy) return
    isBusy = true
    void work().finally(() => {
      isBusy = false
      if (isAsked) ask()
    })
  }
}
