import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { captureLog } from '../testing/captured-log.ts'
import { openTestDatabase } from '../testing/database.ts'
import { createJobs } from './service.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

const log = pino({ level: 'silent' })

describeOnDatabases('on %s', (kind) => {
  test('what was planned happens, also after a restart, and once for a key', async () => {
    const database = await openTestDatabase(kind)
    const before = createJobs({ database, log, pollS: 0.5 })
    before.handle('wake', async () => {})
    before.start()
    const at = Date.now() + 1500
    await before.wakeAt('wake', 'approval-1', at)
    await before.wakeAt('wake', 'approval-1', at)
    await before.stop()

    let woken = 0
    const captured = captureLog()
    const after = createJobs({ database, log: captured.log, pollS: 0.5 })
    after.handle('wake', async () => {
      captured.log.info('somebody was woken')
      woken += 1
    })
    after.handle('other', async () => {}, { everyMinute: true })
    after.start()
    await vi.waitFor(() => expect(woken).toBeGreaterThan(0), { timeout: 20_000, interval: 50 })
    expect(Date.now()).toBeGreaterThanOrEqual(at)
    expect(captured.saying('somebody was woken')).toMatchObject([{ job: 'wake' }])
    await after.stop()
    await database.close()
  })
})
