import type { ProjectId, UserId } from '#shared/base/ids.ts'

/*
 * Who may take a place for a sandbox, and who is next. Pure: what has places is handed in.
 */

/** How many sandboxes may run at once, and how much memory they may have together. */
export type PlaceCeilings = { running: number; perPerson: number; totalMemoryBytes: number }
/** `person` made the project. */
export type Wanted = { projectId: ProjectId; person: UserId; memoryBytes: number }
/** What is missing for the next. */
export type Lack = 'person' | 'place' | 'memory'
/** Why it waits: for others before it, or because its own person has as many as may run. */
export type Waiting = { reason: 'machine'; ahead: number } | { reason: 'person'; running: number }

/** What rests with its memory has a place in that memory alone. */
export type Place = Wanted & { status: 'running' | 'resting' }
/** A place at another process. `sharesMachine`: it takes of the same machine, or of the same account in a cloud. */
export type OtherPlace = Place & { sharesMachine: boolean }

export type Counts = ReturnType<typeof countPlaces>

/**
 * Counts what this process and others have. A person's places count wherever they are; `running` and `totalMemoryBytes` are of one machine.
 * A project that is to start is counted without its own place.
 */
export function countPlaces(own: Iterable<Place>, others: readonly OtherPlace[], ceilings: PlaceCeilings) {
  // After its room has moved, two processes may know of one sandbox in a cloud: that is one place.
  const byProject = new Map(others.map((one) => [one.projectId, one]))
  for (const one of own) byProject.set(one.projectId, { ...one, sharesMachine: true })
  const all = [...byProject.values()]
  const without = (projectId?: ProjectId) => all.filter((one) => one.projectId !== projectId)
  const runningOf = (person: UserId, but?: ProjectId) => without(but).filter((one) => one.person === person && one.status === 'running').length

  const lackOnMachine = ({ projectId, memoryBytes }: Wanted): Lack | undefined => {
    const here = without(projectId).filter((one) => one.sharesMachine)
    if (here.filter(({ status }) => status === 'running').length >= ceilings.running) return 'place'
    const memory = here.reduce((sum, one) => sum + one.memoryBytes, 0)
    // One alone may always run, whatever the sum.
    return memory > 0 && memory + memoryBytes > ceilings.totalMemoryBytes ? 'memory' : undefined
  }

  return {
    runningOf: (person: UserId) => runningOf(person),
    isFullFor: ({ person, projectId }: Wanted) => runningOf(person, projectId) >= ceilings.perPerson,
    lackOnMachine,
  }
}

/** In the order in which they will enter: the person with the fewest places is next, of those with as many who asked first. */
export function inOrder<T extends Wanted>(queue: readonly T[], { runningOf }: Pick<Counts, 'runningOf'>): T[] {
  const counts = new Map<UserId, number>()
  const countOf = (person: UserId) => counts.get(person) ?? runningOf(person)
  const left = [...queue]
  const order: T[] = []
  while (left.length > 0) {
    const next = left.reduce((best, one) => (countOf(one.person) < countOf(best.person) ? one : best))
    counts.set(next.person, countOf(next.person) + 1)
    left.splice(left.indexOf(next), 1)
    order.push(next)
  }
  return order
}

/** Whoever may enter now. Nobody is overtaken for want of memory; whose person has as many as may run keeps nobody else waiting. */
export function nextToEnter<T extends Wanted>(queue: readonly T[], counts: Counts): T | undefined {
  const next = inOrder(queue, counts).find((one) => !counts.isFullFor(one))
  return next && counts.lackOnMachine(next) === undefined ? next : undefined
}

/** What is missing, and for whom: for the first that waits for the machine, and for each person that has as many as may run. */
export function lacks<T extends Wanted>(queue: readonly T[], counts: Counts): { lack: Lack; next: T }[] {
  const order = inOrder(queue, counts)
  const blocked = order.find((one) => !counts.isFullFor(one))
  const full = order.filter((one) => counts.isFullFor(one))
  const firstOfEach = full.filter((one) => full.find(({ person }) => person === one.person) === one)
  const lack = blocked && counts.lackOnMachine(blocked)
  return [...(lack ? [{ lack, next: blocked }] : []), ...firstOfEach.map((next) => ({ lack: 'person' as const, next }))]
}
