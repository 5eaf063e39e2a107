import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import postgres from 'postgres'
import { pino } from 'pino'
import { ConfigError } from '../config.ts'
import { createPostgresDatabase } from '../testing/database.ts'
import { needs } from '../testing/require.ts'
import { holdDatabase } from './one-server.ts'

const log = pino({ level: 'silent' })
const pace = { waitMs: 600, tryMs: 20, lookMs: 20, giveUpMs: 300 }

describe('one server on one Postgres', await needs('postgres'), () => {
  let url: string
  let drop: () => Promise<void>
  beforeAll(async () => {
    ;({ url, drop } = await createPostgresDatabase({ empty: true }))
  })
  afterAll(() => drop())

  /** As a failover does to a connection. */
  async function endConnections(): Promise<void> {
    const admin = postgres(url, { max: 1 })
    await admin`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`
    await admin.end()
  }

  test('a second one is refused in words that name the first, and starts when that has stopped', async () => {
    const first = await holdDatabase(url, log, { pace })
    const second = holdDatabase(url, log, { pace })
    await expect(second).rejects.toThrow(ConfigError)
    await expect(second).rejects.toThrow(`process ${process.pid} on`)
    // One that comes while the first is stopping waits for it.
    const third = holdDatabase(url, log, { pace: { ...pace, waitMs: 30_000 } })
    await first.release()
    await (await third).release()
  })

  test('those who share it come together, and nobody who would be alone comes to them', async () => {
    const first = await holdDatabase(url, log, { pace, shared: true })
    const second = await holdDatabase(url, log, { pace, shared: true })
    await expect(holdDatabase(url, log, { pace })).rejects.toThrow('one database serves one server')
    await first.release()
    await expect(holdDatabase(url, log, { pace })).rejects.toThrow(ConfigError)
    await second.release()
    const alone = await holdDatabase(url, log, { pace })
    await expect(holdDatabase(url, log, { pace, shared: true })).rejects.toThrow('the same ATRIUM_SECRET')
    await alone.release()
  })

  test('after a failure of the database it has it again, and a second one still does not', async () => {
    const first = await holdDatabase(url, log, { pace })
    let lost = 0
    first.onLost(() => lost++)
    await endConnections()
    // Either may be first: it is whoever comes back.
    await expect.poll(() => holders(url), { timeout: 20_000 }).toBe(1)
    await expect(holdDatabase(url, log, { pace })).rejects.toThrow(ConfigError)
    expect(lost).toBe(0)
    await first.release()
  })

  test('whose place was taken meanwhile is told, and ends', async () => {
    const first = await holdDatabase(url, log, { pace: { ...pace, lookMs: 3_000 } })
    const told = new Promise<Error>((resolve) => first.onLost(resolve))
    await endConnections()
    const second = await holdDatabase(url, log, { pace })
    expect((await told).message).toContain('Another Atrium server')
    await first.release()
    await second.release()
  })
})

async function holders(url: string): Promise<number> {
  const client = postgres(url, { max: 1 })
  const rows =
    await client`select 1 from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`
  await client.end()
  return rows.length
}
