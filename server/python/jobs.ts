import type { CellId, ProjectId } from '#shared/base/ids.ts'
import type { Cell } from '#shared/python/schema.ts'

/** A cell that waits or runs in this process. `stopped`: nobody wants it to run any more. */
export type Job = { cell: Cell; projectId: ProjectId; stopped: boolean; done: Promise<Cell> }

/** The cells that wait or run: in a context one after the other. */
export function createJobs() {
  const jobs = new Map<CellId, Job>()
  /** The last job of each context: the next one runs after it. */
  const tails = new Map<string, Promise<unknown>>()
  const of = (projectId: ProjectId, context?: string) =>
    [...jobs.values()].filter((job) => job.projectId === projectId && (context === undefined || job.cell.context === context))

  return {
    of,
    all: () => [...jobs.values()],
    get: (id: CellId): Job | undefined => jobs.get(id),

    /** @param work run when its turn has come */
    add(projectId: ProjectId, cell: Cell, work: (job: Job) => Promise<Cell>): Job {
      const key = `${projectId}/${cell.context}`
      const job: Job = { cell, projectId, stopped: false, done: Promise.resolve(cell) }
      jobs.set(cell.id, job)
      job.done = (tails.get(key) ?? Promise.resolve()).then(() => work(job)).finally(() => jobs.delete(cell.id))
      const tail = job.done.catch(() => undefined)
      tails.set(key, tail)
      void tail.then(() => tails.get(key) === tail && tails.delete(key))
      return job
    },

    /** None of a context runs any more, whether it has begun or not. @returns them */
    stop(projectId: ProjectId, context: string): Job[] {
      const stopped = of(projectId, context)
      for (const job of stopped) job.stopped = true
      return stopped
    },
  }
}
