import { setTimeout as wait } from 'node:timers/promises'
import postgres from 'postgres'
import { ConfigError } from '../config.ts'
import { connectionOptions } from './postgres-options.ts'
import { unusable } from './postgres.ts'

/** A pooler with one connection for all would let the second wait. In ms. */
const patienceMs = 5_000

/**
 * Between a server and Postgres may stand a pooler that keeps a connection for as long as the server does. One that gives it to somebody else
 * after each transaction loses locks and notifications, and nobody would be told.
 * @throws ConfigError when such a one is there, or the database cannot be used
 */
export async function refuseTransactionPooler(url: string, called = 'DATABASE_URL'): Promise<void> {
  const [one, other] = [postgres(url, { ...connectionOptions, max: 1 }), postgres(url, { ...connectionOptions, max: 1 })] as const
  try {
    if (await Promise.race([isShared(one, other), wait(patienceMs, false, { ref: false })]))
      throw new ConfigError(
        `${called} leads to a connection pooler that gives a connection to somebody else after each transaction. Atrium needs one for as long as it runs: let the pooler keep sessions (PgBouncer: pool_mode = session), or name the database itself.`,
      )
  } catch (error) {
    throw error instanceof ConfigError ? error : await unusable(error, one, called)
  } finally {
    await Promise.all([one.end({ timeout: 1 }), other.end({ timeout: 1 })])
  }
}

/** Whether two connections that are both open have had one process of Postgres. */
async function isShared(one: postgres.Sql, other: postgres.Sql): Promise<boolean> {
  const first = await processOf(one)
  return other.begin(async (transaction) => (await processOf(transaction)) === first || (await processOf(one)) !== first)
}

async function processOf(client: postgres.ISql): Promise<number | undefined> {
  // The simple protocol: poolers do not keep prepared statements.
  const [row] = await client<{ pid: number }[]>`select pg_backend_pid() as pid`.simple()
  return row?.pid
}
