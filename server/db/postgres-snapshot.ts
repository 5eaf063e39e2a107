import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import type { Db, Frozen, Snapshot } from './port.ts'
import { connectionOptions } from './postgres-options.ts'

/** Of Postgres: a transaction that sees the moment in which it began, on a connection of its own. Nobody waits for it. */
export function postgresSnapshot(url: string): Snapshot {
  const client = postgres(url, { ...connectionOptions, max: 1, idle_timeout: 0, max_lifetime: null })
  const ended = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<Db>()
  begun.promise.catch(() => undefined)
  let over: Promise<void> | undefined

  const hold = async (tx: Db) => {
    // The first question sets the moment; a long reader is no forgotten one.
    await tx.execute(sql`set local idle_in_transaction_session_timeout = 0`)
    await tx.execute(sql`set local statement_timeout = 0`)
    await tx.execute(sql`select pg_current_snapshot()`)
    begun.resolve(tx)
    await ended.promise
  }

  return {
    async prepare() {
      await client`select 1`
    },
    async take() {
      over = drizzle(client).transaction((tx) => hold(tx as unknown as Db), { isolationLevel: 'repeatable read', accessMode: 'read only' })
      over.catch(begun.reject)
      await begun.promise
    },
    async open(): Promise<Frozen> {
      const tx = await begun.promise
      return {
        rows: async <T extends Record<string, unknown>>(query: Parameters<Frozen['rows']>[0], on: Db = tx) =>
          Array.from((await on.execute(query)) as T[]),
        // It is in one all the time.
        transaction: (work) => work(tx),
      }
    },
    async discard() {
      ended.resolve()
      await over?.catch(() => undefined)
      await client.end({ timeout: 3 })
    },
  }
}
