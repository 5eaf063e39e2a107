import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import postgres from 'postgres'
import type { Logger } from '../base/logger.ts'
import { ConfigError } from '../config.ts'
import { advisoryLocks } from './advisory-locks.ts'
import { unusable } from './postgres.ts'
import { refuseTransactionPooler } from './session-pooler.ts'

const usualPace = { waitMs: 8_000, tryMs: 250, lookMs: 5_000, giveUpMs: 15_000 }

export type OneServer = {
  /** Called once when another server has taken the database over, so that this one can only end. */
  onLost(listener: (error: Error) => void): void
  release(): Promise<void>
}

type Options = {
  pace?: typeof usualPace
  /** Where the address was given. */
  called?: string
  /** Others who share it may work on the database as well; nobody who works alone may. */
  shared?: boolean
}

/**
 * Makes sure that no other server works on this Postgres database, or that all who do share it: the lock is held by a connection of its own,
 * and ends with it. One that is just stopping is waited for. After a failure of the database the lock is taken again as soon as that is back.
 * @throws ConfigError when another server holds it, naming that one, when a pooler would give the lock away, or when the database cannot be used
 */
export async function holdDatabase(
  url: string,
  log: Logger,
  { pace = usualPace, called = 'DATABASE_URL', shared = false }: Options = {},
): Promise<OneServer> {
  await refuseTransactionPooler(url, called)
  const name = `atrium ${hostname()} ${process.pid}`.slice(0, 63)
  const client = postgres(url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => undefined,
    connection: { application_name: name },
  })
  const take = async () => {
    // Postgres lets go of a machine that is gone within half a minute. A pooler knows no such settings when one connects.
    await client.unsafe('set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3')
    const lock = client(shared ? 'pg_try_advisory_lock_shared' : 'pg_try_advisory_lock')
    const [row] = await client<{ taken: boolean; pid: number }[]>`select ${lock}(${advisoryLocks.server}) as taken, pg_backend_pid() as pid`
    return row?.taken ? row.pid : undefined
  }
  const close = () => client.end({ timeout: 1 })

  let pid: number | undefined
  try {
    for (const late = performance.now() + pace.waitMs; ; await wait(pace.tryMs)) {
      pid = await take()
      if (pid !== undefined) break
      if (performance.now() > late) throw new ConfigError(await whoHolds(client, called, shared))
    }
  } catch (error) {
    const refused = error instanceof ConfigError ? error : await unusable(error, client, called)
    await close()
    throw refused
  }

  const listeners: ((error: Error) => void)[] = []
  let lostAt: number | undefined
  let looking: Promise<void> = Promise.resolve()
  async function look(): Promise<void> {
    const [row] = await client<{ pid: number }[]>`select pg_backend_pid() as pid`
    if (row?.pid === pid) return
    lostAt ??= performance.now()
    const again = await take()
    if (again !== undefined) {
      log.warn('the database was away; this server has it again')
      pid = again
      lostAt = undefined
    } else if (performance.now() - lostAt > pace.giveUpMs) {
      clearInterval(timer)
      const error = new Error(await whoHolds(client, called, shared))
      for (const listener of listeners) listener(error)
    }
  }
  let isLooking = false
  const timer = setInterval(() => {
    if (isLooking) return
    isLooking = true
    // A database that is away is told by everything that needs it.
    looking = look()
      .catch(() => undefined)
      .finally(() => (isLooking = false))
  }, pace.lookMs)
  timer.unref()

  return {
    onLost: (listener) => void listeners.push(listener),
    async release() {
      clearInterval(timer)
      await Promise.race([looking, wait(500)])
      await close()
    },
  }
}

/** One line for whoever starts a second server. */
async function whoHolds(client: postgres.Sql, called: string, shared: boolean): Promise<string> {
  const [holder] = await client<{ name: string; address: string | null }[]>`
    select application_name as name, host(client_addr) as address
    from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and classid = 0 and objid = ${advisoryLocks.server} and granted
      and pg_locks.database = (select oid from pg_database where pg_database.datname = current_database())`
  const [, host, pid] = /^atrium (\S+) (\d+)$/.exec(holder?.name ?? '') ?? []
  const who = host ? ` (process ${pid} on ${host}${holder?.address ? `, from ${holder.address}` : ''})` : ''
  const mend = shared
    ? 'Stop it first, or start it with the same ATRIUM_SECRET: servers that have one share a database.'
    : 'Stop it first: without an ATRIUM_SECRET one database serves one server.'
  return `Another Atrium server${who} works on the database of ${called}. ${mend}`
}
