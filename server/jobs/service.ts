import type { PgBoss } from 'pg-boss'
import { withOnlyLogFields } from '../base/log-fields.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { EventOf, Outbox } from '../events/port.ts'
import type { Job, JobQueue } from './port.ts'

export type Jobs = ReturnType<typeof createJobs>

type Handled = Pick<Job, 'name' | 'payload' | 'everyMinute' | 'work'>
type Deps = { database: Database; outbox: Pick<Outbox, 'add'>; log: Logger; /** Seconds between looks for work. */ pollS?: number }

/**
 * Work that must happen although nobody asks for it: sweeps each minute, and what was planned for a time. pg-boss keeps it in the database, so
 * that it survives a restart and is done by one process of several. It starts in the background and is a safety net: nothing waits
 * for it, and its failure is logged. What is planned in a transaction reaches it through the outbox, after the commit: on the embedded
 * database a send from inside the transaction would wait for ever.
 */
export function createJobs({ database, outbox, log: parent, pollS }: Deps) {
  const log = parent.child({ part: 'jobs' })
  const handlers = new Map<string, Handled>()
  const opened = Promise.withResolvers<PgBoss | undefined>()
  let starting: Promise<PgBoss | undefined> | undefined
  let stopped = false

  async function open(): Promise<PgBoss | undefined> {
    const { PgBoss, fromPglite } = await import('pg-boss')
    const place = database.jobs
    const where =
      place.kind === 'postgres' ? { connectionString: place.url, max: place.most } : { db: fromPglite(place.pglite), backend: 'pglite' as const }
    const boss = new PgBoss({ ...where, schema: 'jobs', superviseIntervalSeconds: 60 })
    boss.on('error', (error) => log.warn({ err: error }, 'the job queue had an error'))
    await boss.start()
    for (const handled of handlers.values()) {
      const { name, everyMinute } = handled
      await boss.createQueue(name, { policy: 'standard', retryLimit: 3, retryBackoff: true, expireInSeconds: 300, deleteAfterSeconds: 3600 })
      await boss.work(name, { pollingIntervalSeconds: pollS ?? (place.kind === 'postgres' ? 2 : 10) }, async (jobs) => {
        for (const { data } of jobs) if (!stopped) await withOnlyLogFields({ job: name }, () => work(handled, data))
      })
      if (everyMinute) await boss.schedule(name, '* * * * *')
    }
    return boss
  }

  async function work({ payload, everyMinute, work }: Handled, data: unknown): Promise<void> {
    const isPlanned = typeof data === 'object' && data !== null && Object.keys(data).length > 0
    if (!isPlanned) return work(undefined)
    const parsed = payload.safeParse(data)
    if (parsed.success) return work(parsed.data)
    // Planned by another version. Trying again would not help.
    log.warn({ issues: parsed.error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`) }, 'a job has a payload that cannot be read')
    return everyMinute ? work(undefined) : undefined
  }

  const queue: JobQueue = {
    plan: (tx, { name }, { payload, key, at }) => outbox.add(tx, { type: 'job.planned', job: name, payload, key, at }),
  }

  return {
    ...queue,
    /** Before `start`. */
    handle(handled: Handled): void {
      handlers.set(handled.name, handled)
    },
    /** Gives the queue what was planned in a transaction. @throws Error when it cannot take it now */
    async send({ job, payload, key, at }: EventOf<'job.planned'>): Promise<void> {
      const boss = await opened.promise
      if (!boss || stopped) throw new Error('the job queue does not run')
      await boss.send(job, payload as object, { startAfter: new Date(at), singletonKey: key })
    },
    /** Returns at once; the queue is there some seconds later. */
    start(): void {
      starting ??= open().catch((error: unknown) => {
        log.error({ err: error }, 'the job queue did not start; runs still recover by themselves at the next start')
        return undefined
      })
      opened.resolve(starting)
    },
    async stop(): Promise<void> {
      stopped = true
      opened.resolve(undefined)
      const boss = await starting
      await boss?.stop({ graceful: true, timeout: 1000, close: true })
    },
  }
}
