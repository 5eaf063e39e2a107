import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startCrashableServer } from '../testing/crashable-server.ts'
import type { CrashableServer } from '../testing/crashable-server.ts'
import { openDatabaseGate } from '../testing/database-gate.ts'
import type { DatabaseGate } from '../testing/database-gate.ts'
import { createPostgresDatabase } from '../testing/database.ts'
import { readExposition } from '../testing/exposition.ts'
import { ada as adaIs, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { needs } from '../testing/require.ts'

describe('while Postgres is not well', await needs('postgres'), () => {
  let server: CrashableServer
  let gate: DatabaseGate
  let ada: TestPerson
  /** Of the cluster: it works on the database from outside. */
  let admin: postgres.Sql
  let inside: postgres.Sql
  let name: string
  let drop: () => Promise<void>
  beforeAll(async () => {
    const made = await createPostgresDatabase()
    drop = made.drop
    name = new URL(made.url).pathname.slice(1)
    const outside = new URL(made.url)
    outside.pathname = '/postgres'
    admin = postgres(outside.href, { max: 1 })
    inside = postgres(made.url, { max: 1, connection: { search_path: 'public' }, onnotice: () => undefined })
    gate = await openDatabaseGate(made.url)
    server = await startCrashableServer({ DATABASE_URL: gate.url, ATRIUM_SIGNUP: 'open', ATRIUM_SANDBOX: 'off', ATRIUM_LOG_LEVEL: 'fatal' })
    ada = await signUp(server.url, adaIs)
  })
  afterAll(async () => {
    await server.stop()
    await gate.shut()
    await inside.end()
    await admin.end()
    await drop()
  })

  /** What the operator's probe sees, and how long that took. */
  async function ready() {
    const startedAt = performance.now()
    const answer = await fetch(`${server.url}/api/ready`)
    const body = (await answer.json()) as { status?: string; error?: { message: string } }
    expect(performance.now() - startedAt).toBeLessThan(3000)
    return { status: answer.status, says: body.error?.message ?? body.status }
  }
  const becomes = (status: number, says: string) =>
    vi.waitFor(async () => expect(await ready()).toEqual({ status, says }), { timeout: 30_000, interval: 50 })

  /** What a call that writes is told. */
  const write = async () => told(await ada.fetch('/api/projects', { method: 'POST', body: JSON.stringify({ name: 'Garden' }) }))
  const readMe = async () => told(await ada.fetch('/api/auth/me'))
  async function told(answer: Response) {
    const body = (await answer.json()) as { error?: { code: string; message: string } }
    return [answer.status, answer.headers.get('retry-after'), body.error?.code, body.error?.message]
  }
  const made = [201, null, undefined, undefined]
  const callBecomes = (expected: unknown[]) => vi.waitFor(async () => expect(await write()).toEqual(expected), { timeout: 30_000, interval: 50 })
  const endSessions = () =>
    admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name} and application_name not like 'atrium %'`

  test('read-only: not ready, calls are told why, and both are well again after it', async () => {
    await becomes(200, 'ready')
    await admin.unsafe(`alter database ${name} set default_transaction_read_only = on`)
    await endSessions()
    await becomes(503, 'The database takes no writes: it is read-only.')
    await callBecomes([503, '5', 'unavailable', 'The database takes no writes: it is read-only.'])
    await admin.unsafe(`alter database ${name} reset default_transaction_read_only`)
    await endSessions()
    await becomes(200, 'ready')
    await callBecomes(made)
    expect(await ready()).toEqual({ status: 200, says: 'ready' })
  })

  test('full: a call whose row finds no space, and a check whose file finds none', async () => {
    await inside.unsafe(`
      create schema crowded;
      create function crowded.no_space() returns trigger language plpgsql as $$ begin
        raise exception 'could not extend file "base/1/2": No space left on device' using errcode = '53100'; end $$;
      create function crowded.generate_series(int, int) returns setof int language plpgsql as $$ begin
        raise exception 'could not write to file "base/pgsql_tmp/1": No space left on device' using errcode = '53100'; end $$;
      create trigger no_space before insert on projects execute function crowded.no_space()`)
    await admin.unsafe(`alter database ${name} set search_path = crowded, public, pg_catalog`)
    await endSessions()
    await becomes(503, 'The database has no space left on its disk.')
    await callBecomes([503, '5', 'unavailable', 'The database has no space left on its disk.'])
    await admin.unsafe(`alter database ${name} reset search_path`)
    await inside.unsafe('drop schema crowded cascade')
    await becomes(200, 'ready')
    await callBecomes(made)
    expect(await ready()).toEqual({ status: 200, says: 'ready' })
  })

  test('hung: told in time to everybody who asks, and ready again when it goes on', async () => {
    const metrics = async () => {
      const startedAt = performance.now()
      const read = readExposition(await (await fetch(`${server.url}/metrics`)).text())
      expect(performance.now() - startedAt).toBeLessThan(3000)
      return read
    }
    expect((await metrics()).value('atrium_database_connections_max')).toBe(20)
    gate.hold()
    // The first ones find out by waiting; whoever comes later is told at once.
    const silent = [503, '5', 'unavailable', 'The database does not answer.']
    const startedAt = performance.now()
    expect(await Promise.all([write(), write(), readMe()])).toEqual([silent, silent, silent])
    expect(performance.now() - startedAt).toBeLessThan(12_000)
    const later = performance.now()
    expect(await write()).toEqual(silent)
    expect(performance.now() - later).toBeLessThan(4000)
    const read = await metrics()
    expect(read.value('atrium_scrape_errors_total', { source: 'database' })).toBeGreaterThan(0)
    expect(read.value('atrium_database_connections_in_use')).toBeGreaterThan(0)
    expect(read.value('atrium_runs', { state: 'running' })).toBe(0)
    await becomes(503, 'The database does not answer.')
    const asked = await Promise.all(Array.from({ length: 20 }, ready))
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([503]))
    gate.resume()
    await becomes(200, 'ready')
    await callBecomes(made)
  })

  test('down: neither the server nor what it says breaks, and it is ready again soon after', async () => {
    const { pid } = server
    await gate.shut()
    await becomes(503, 'The database does not answer.')
    await callBecomes([503, '5', 'unavailable', 'The database does not answer.'])
    await gate.open()
    await becomes(200, 'ready')
    await callBecomes(made)
    expect(server.pid).toBe(pid)
  })
})
