import type { Logger } from '../base/logger.ts'
import type { createJobs } from '../jobs/service.ts'
import type { Broadcast } from './broadcast.ts'

type Deps = { jobs: Pick<ReturnType<typeof createJobs>, 'handle'>; broadcast: Pick<Broadcast, 'tell' | 'onNews'>; log: Logger }

/**
 * A job of every minute that is about rooms. The queue gives it to one process, which tells all others: each does it for the rooms that it has, and
 * for those that nobody has.
 */
export function handleInRooms({ jobs, broadcast, log }: Deps, name: string, work: () => Promise<void>): void {
  jobs.handle(
    name,
    () => {
      broadcast.tell({ kind: 'job', name })
      return work()
    },
    { everyMinute: true },
  )
  broadcast.onNews((news) => {
    if (news.kind === 'job' && news.name === name) work().catch((error: unknown) => log.error({ err: error, job: name }, 'a job failed'))
  })
}
