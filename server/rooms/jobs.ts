import type { Logger } from '../base/logger.ts'
import type { Job } from '../jobs/port.ts'
import type { Jobs } from '../jobs/service.ts'
import type { Broadcast } from './broadcast.ts'

type Deps = { jobs: Pick<Jobs, 'handle'>; broadcast: Pick<Broadcast, 'tell' | 'onNews'>; log: Logger }

/**
 * A job that is about rooms. The queue gives it to one process, which tells all others: each does it for the rooms that it has, and
 * for those that nobody has.
 */
export function handleInRooms({ jobs, broadcast, log }: Deps, job: Job): void {
  const { name, work } = job
  jobs.handle({
    ...job,
    work(payload) {
      broadcast.tell({ kind: 'job', name })
      return work(payload)
    },
  })
  broadcast.onNews((news) => {
    if (news.kind === 'job' && news.name === name) work(undefined).catch((error: unknown) => log.error({ err: error, job: name }, 'a job failed'))
  })
}
