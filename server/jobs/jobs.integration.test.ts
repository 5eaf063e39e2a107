import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import { createEvents } from '../events/service.ts'
import { captureLog } from '../testing/captured-log.ts'
import { openTestDatabase } from '../testing/database.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { defineJob, jobOf } from './define-job.ts'
import { createJobs } from './service.ts'

const silent = pino({ level: 'silent' })
const wake = defineJob('wake', z.object({ whom: z.string() }))
const other = defineJob('other', z.object({}))
const patience = { timeout: 20_000, interval: 50 }

/** A process with its queue, as the server wires them. */
function startJobs(database: Database, work: (whom: string | undefined) => Promise<void>, log: Logger = silent) {
  const events = createEvents({ database, me: 'here', hostId: null, log: silent, wait: () => 50 })
  const jobs = createJobs({ database, outbox: events, log, pollS: 0.5 })
  events.listen('jobs', { 'job.planned': jobs.send })
  jobs.handle(jobOf(wake, (payload) => work(payload?.whom)))
  jobs.handle(jobOf(other, async () => {}, { everyMinute: true }))
  events.start()
  return {
    jobs,
    async stop() {
      events.stop()
      await jobs.stop()
    },
  }
}

describeOnDatabases('on %s', (kind) => {
  test('what was planned happens, also after a restart, and once for a key', async () => {
    const database = await openTestDatabase(kind)
    const before = startJobs(database, async () => {})
    before.jobs.start()
    const at = Date.now() + 1500
    const plan = () => database.transaction((tx) => before.jobs.plan(tx, wake, { payload: { whom: 'Ada' }, key: 'approval-1', at }))
    await plan()
    await plan()
    await before.stop()

    const woken: (string | undefined)[] = []
    const captured = captureLog()
    const work = async (whom: string | undefined) => {
      captured.log.info('somebody was woken')
      woken.push(whom)
    }
    const after = startJobs(database, work, captured.log)
    after.jobs.start()
    await vi.waitFor(() => expect(woken.length).toBeGreaterThan(0), patience)
    expect(Date.now()).toBeGreaterThanOrEqual(at)
    expect(woken[0]).toBe('Ada')
    expect(captured.saying('somebody was woken')).toMatchObject([{ job: 'wake' }])
    await after.stop()
    await database.close()
  })

  test('what was planned while there was no queue is given to it when there is one, and nothing of a transaction that was undone', async () => {
    const database = await openTestDatabase(kind)
    const before = startJobs(database, async () => {})
    await database.transaction((tx) => before.jobs.plan(tx, wake, { payload: { whom: 'Mei' }, key: 'mei', at: 0 }))
    const undone = database.transaction(async (tx) => {
      await before.jobs.plan(tx, wake, { payload: { whom: 'nobody' }, key: 'nobody', at: 0 })
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await before.stop()

    const woken: (string | undefined)[] = []
    const after = startJobs(database, async (whom) => void woken.push(whom))
    after.jobs.start()
    await vi.waitFor(() => expect(woken).toEqual(['Mei']), patience)
    await after.stop()
    await database.close()
  })

  test('a payload of another version is said in the log, and the work is not tried again with it', async () => {
    const database = await openTestDatabase(kind)
    const captured = captureLog()
    const woken: unknown[] = []
    const { jobs, stop } = startJobs(database, async (whom) => void woken.push(whom), captured.log)
    jobs.start()
    const older = defineJob('wake', z.object({ person: z.string() }))
    await database.transaction((tx) => jobs.plan(tx, older, { payload: { person: 'Ada' }, key: 'older', at: 0 }))
    await database.transaction((tx) => jobs.plan(tx, wake, { payload: { whom: 'Ada' }, key: 'newer', at: 0 }))
    await vi.waitFor(() => expect(captured.saying('a job has a payload that cannot be read')).toMatchObject([{ job: 'wake' }]), patience)
    await vi.waitFor(() => expect(woken).toEqual(['Ada']), patience)
    await stop()
    await database.close()
  })
})
