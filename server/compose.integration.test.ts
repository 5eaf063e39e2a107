import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { systemClock } from './base/clock.ts'
import { stopInOrder } from './base/stop-in-order.ts'
import { composeFeatures } from './compose.ts'
import { readConfig } from './config.ts'
import { createClientOf } from './http/client-info.ts'
import { createMetrics } from './metrics/service.ts'
import { builtInProfiles } from './profiles/built-in.ts'
import { openTestDatabase } from './testing/database.ts'

const log = pino({ level: 'silent' })

test('runs stop before documents and these before sandboxes, all within less than five seconds', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'atrium-compose-'))
  const database = await openTestDatabase('embedded')
  const { stops } = await composeFeatures({
    config: readConfig({ ATRIUM_DATA_DIR: dataDir, ATRIUM_SANDBOX: 'off' }),
    database,
    clock: systemClock,
    log,
    metrics: createMetrics(),
    clientOf: createClientOf({ trustedProxies: [], log }),
    ownUrl: () => '',
    internalUrl: () => '',
    makeProfiles: builtInProfiles,
  })
  expect(stops.map(({ name, withinMs }) => `${name} ${withinMs}`)).toEqual([
    'timers 100',
    'broadcast 100',
    'sockets 100',
    'desktops 100',
    'retention 300',
    'jobs 500',
    'runs 700',
    'ports 100',
    'terminals 100',
    'python 300',
    'files 300',
    'file tree 100',
    'sync 1100',
    'sandboxes 500',
    'rooms 100',
  ])
  expect(stops.reduce((sum, { withinMs }) => sum + withinMs, 0)).toBeLessThan(5_000)
  await stopInOrder(stops, log)
  await database.close()
  await rm(dataDir, { recursive: true })
})
