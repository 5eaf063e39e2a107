import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { createPostgresDatabase } from '../testing/database.ts'
import { needs } from '../testing/require.ts'
import { isDatabaseAway } from './errors.ts'
import { connectPostgres } from './postgres.ts'

describe('a transaction of a process that is not heard of', await needs('postgres'), () => {
  test('lets go of its locks within seconds where others share the database', async () => {
    const { url, drop } = await createPostgresDatabase()
    const [one, other] = [connectPostgres(url, 'shared'), connectPostgres(url, 'shared')]
    const { promise: taken, resolve: take } = Promise.withResolvers<void>()
    const { promise: locked, resolve: lock } = Promise.withResolvers<void>()
    const first = one.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(7)`)
      lock()
      // As one that stands still, or is cut off.
      await taken
      await tx.execute(sql`select 1`)
    })
    const failed = first.then(
      () => undefined,
      (error: unknown) => error,
    )
    await locked
    await other.transaction(async (tx) => void (await tx.execute(sql`select pg_advisory_xact_lock(7)`)))
    take()
    const error = await failed
    expect(error).toBeInstanceOf(Error)
    expect(isDatabaseAway(error)).toBe(true)
    await Promise.all([one.close(), other.close()])
    await drop()
  })
})
