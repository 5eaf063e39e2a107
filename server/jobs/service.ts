import type { PgBoss } from 'pg-boss'
import { withOnlyLogFields } from '../base/log-fields.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'

export type Jobs = ReturnType<typeof createJobs>

type Handler = { everyMinute: boolean; work: () => Promise<void> }

/**
 * Work that must happen although nobody asks for it: sweeps each minute, and wake-ups at a time. pg-boss keeps it in the database, so
 * that it survives a restart and is done by one process of several. It starts in the background and is a safety net: nothing waits
 * for it, and its failure is logged. Never send from inside a transaction: on the embedded database that would wait for ever.
 * @param pollS seconds between looks for work
 */
export function createJobs({ database, log: parent, pollS }: { database: Database; log: Logger; pollS?: number }) {
  const log = parent.child({ part: 'jobs' })
  const handlers = new Map<string, Handler>()
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
    for (const [name, { everyMinute, work }] of handlers) {
      await boss.createQueue(name, { policy: 'standard', retryLimit: 3, retryBackoff: true, expireInSeconds: 300, deleteAfterSeconds: 3600 })
      await boss.work(name, { pollingIntervalSeconds: pollS ?? (place.kind === 'postgres' ? 2 : 10) }, async () => {
        if (!stopped) await withOnlyLogFields({ job: name }, work)
      })
      if (everyMinute) await boss.schedule(name, '* * * * *')
    }
    return boss
  }

  return {
    /** Before `start`. A handler must be safe to run at any time and more than once. */
    handle(name: string, work: () => Promise<void>, { everyMinute = false } = {}): void {
      handlers.set(name, { everyMinute, work })
    },
    /** Returns at once; the queue is there some seconds later. */
    start(): void {
      starting ??= open().catch((error: unknown) => {
        log.error({ err: error }, 'the job queue did not start; runs still recover by themselves at the next start')
        return undefined
      })
    },
    /** Has a handler run at a time, epoch ms; once, however often it is asked for under the same key. Never throws. */
    async wakeAt(name: string, key: string, at: number): Promise<void> {
      try {
        const boss = await starting
        if (!stopped) await boss?.send(name, { key }, { startAfter: new Date(at), singletonKey: key })
      } catch (error) {
        log.warn({ err: error, job: name }, 'a wake-up could not be stored; the sweep each minute does its work')
      }
    },
    async stop(): Promise<void> {
      stopped = true
      const boss = await starting
      await boss?.stop({ graceful: true, timeout: 1000, close: true })
    },
  }
}
