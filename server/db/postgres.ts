import type { Socket } from 'node:net'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { ConfigError } from '../config.ts'
import { advisoryLocks } from './advisory-locks.ts'
import { runPlanned } from './after-commit.ts'
import { countUse } from './count-use.ts'
import { failedQuery, isDatabaseAway, postgresError } from './errors.ts'
import { migrationsFolder } from './migrations-folder.ts'
import { missingRight } from './missing-right.ts'
import { refuseNewerSchema } from './newer-schema.ts'
import { connectionOptions } from './postgres-options.ts'
import { postgresSnapshot } from './postgres-snapshot.ts'
import type { Database, Db } from './port.ts'

/** Of a server that has the database for itself, and of one that shares it: with what else it opens, ten of these fit a Postgres as it comes. */
const mostConnections = { alone: 20, shared: 5 }

/** @throws ConfigError when the server cannot be reached or refuses. */
export async function openPostgres(url: string, use: keyof typeof mostConnections = 'alone'): Promise<Database> {
  await migratePostgres(url)
  return connectPostgres(url, use)
}

/** The port over the database as it is. */
export function connectPostgres(url: string, use: keyof typeof mostConnections = 'alone'): Database {
  const most = mostConnections[use]
  const { onclose, endAll } = trackSockets()
  const client = postgres(url, { ...connectionOptions, max: most, onclose })
  const { counted, load } = countUse(client, most)
  const db = drizzle(counted) as unknown as Db
  return {
    db,
    kind: 'postgres',
    rows: async <T extends Record<string, unknown>>(query: Parameters<Database['rows']>[0], on: Db = db) =>
      Array.from((await on.execute(query)) as T[]),
    transaction: (work) => runPlanned((planned) => transact(db, planned, use === 'shared'), work),
    snapshot: () => postgresSnapshot(url),
    jobs: { kind: 'postgres', url, most: use === 'alone' ? 3 : 1 },
    async listen(channel, hear) {
      const ear = postgres(url, { ...connectionOptions, max: 1, idle_timeout: 0, max_lifetime: null, onclose })
      const end = () => ear.end({ timeout: 1 })
      try {
        await ear.listen(channel, hear)
        return end
      } catch (error) {
        await end()
        throw error
      }
    },
    load,
    reconnect: endAll,
    // Connections are made again as they are needed: nothing to give up on.
    onFailed: () => undefined,
    close: () => client.end({ timeout: 3 }),
  }
}

/** The sockets of a pool, of which the driver tells through `onclose.opened`: see `patch-postgres-js`. */
function trackSockets() {
  const sockets = new Set<Socket>()
  const opened = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.once('close', () => sockets.delete(socket))
  }
  return { onclose: Object.assign(() => undefined, { opened }), endAll: () => sockets.forEach((socket) => socket.destroy()) }
}

/** A process that is cut off in the midst of a transaction would keep its locks for hours, and with them whoever takes its rooms. */
const letGo = sql`set local idle_in_transaction_session_timeout = '4s'`

/** What the driver throws at the begin and at the commit is told from what `work` throws. */
async function transact<T>(db: Db, work: (tx: Db) => Promise<T>, isShared: boolean): Promise<T> {
  let working = false
  try {
    return await db.transaction(async (tx) => {
      // With the next query, not before it: it costs no time. An error is that of the next query.
      if (isShared) tx.execute(letGo).catch(() => undefined)
      working = true
      const result = await work(tx)
      working = false
      return result
    })
  } catch (error) {
    throw working || !(error instanceof Error) ? error : failedQuery('begin or commit', error)
  }
}

export async function migratePostgres(url: string): Promise<void> {
  const client = postgres(url, { ...connectionOptions, max: 1 })
  try {
    await client`select pg_advisory_lock(${advisoryLocks.migration})`.catch(async (error: unknown) => {
      throw await unusable(error, client)
    })
    try {
      await refuseNewerSchema(async (statement) => client.unsafe(statement))
      await migrate(drizzle(client), { migrationsFolder })
    } catch (error) {
      throw isOfServer(error) ? await unusable(error, client) : error
    }
  } finally {
    await client.end({ timeout: 3 })
  }
}

/** A right is missing, the database takes no writes, or it has no space: nothing is wrong with the migration. */
const isOfServer = (error: unknown) => postgresError(error)?.code === '42501' || isDatabaseAway(error)

/** For a database that cannot be reached or refuses, in one line. `called` is where its address was given. */
export async function unusable(error: unknown, client: postgres.Sql, called = 'DATABASE_URL'): Promise<ConfigError> {
  const lack = await missingRight(client, error)
  return new ConfigError(`${called} cannot be used: ${lack ?? `${reason(error)}.`}`)
}

/** What went wrong, without the address: it holds a password. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'the server cannot be reached'
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED') return 'nothing answers at that address (ECONNREFUSED)'
  return (postgresError(error) ?? error).message.replace(/\.$/, '')
}
