import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { holdDatabase } from '../db/one-server.ts'
import type { Database } from '../db/port.ts'
import { digestTables } from '../db/transfer/export.ts'
import { openFolderAsIs, openPostgresAsIs } from '../db/transfer/open.ts'
import { createPostgresDatabase, seedDataDir } from '../testing/database.ts'
import { ada, asPerson, signUp } from '../testing/people.ts'
import { needs } from '../testing/require.ts'
import { startTestServer } from '../testing/server.ts'
import { failToStart } from '../testing/server-process.ts'
import { makeLargeContent, seeBoard, seeLargeContent } from './testing/large-room.ts'
import { runAdmin } from '../testing/run-admin.ts'

const log = pino({ level: 'silent' })
const sandbox = await needs('sandbox')

describe('moving to Postgres', await needs('postgres'), () => {
  let dataDir: string
  let target: Awaited<ReturnType<typeof createPostgresDatabase>>
  /** The cluster of the tests asks for no password: one is put in, which nobody may see. */
  let address: string
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'atrium-move-'))
    await seedDataDir(dataDir)
    target = await createPostgresDatabase({ empty: true })
    address = target.url.replace('postgres@', 'postgres:hush%2Fhush@')
  })
  afterEach(async () => {
    await target.drop()
    await rm(dataDir, { recursive: true, force: true })
  })

  const env = (more: Record<string, string> = {}) => ({ ATRIUM_DATA_DIR: dataDir, ATRIUM_SANDBOX: 'off', ...more })
  const move = (...to: string[]) => runAdmin(env(), 'move', ...to)
  async function closing<T>(database: Database, work: (database: Database) => Promise<T>): Promise<T> {
    try {
      return await work(database)
    } finally {
      await database.close()
    }
  }
  async function inTarget<T>(work: (database: Database) => Promise<T>): Promise<T> {
    return closing(await openPostgresAsIs(target.url), work)
  }
  const tablesThere = () =>
    inTarget((database) =>
      database.rows<{ n: number }>(sql`select count(*) as n from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`),
    )
  async function inFolder<T>(folder: string, work: (database: Database) => Promise<T>): Promise<T> {
    return closing(await openFolderAsIs(folder, log), work)
  }
  const aside = async () => join(dataDir, (await readdir(dataDir)).find((name) => name.startsWith('db-moved')) ?? 'nothing')
  const addAda = sql`insert into users (id, email, name, password_hash, admin, created_at) values ('usr_1', 'ada@example.org', 'Ada', 'x', true, 1)`

  test('everything of a large room is there afterwards, and its sandbox goes on', sandbox, async () => {
    const before = await startTestServer({ dataDir, env: { ATRIUM_SANDBOX: 'local' } })
    const person = await signUp(before.url, ada)
    const content = await makeLargeContent(before.url, person, before.parts.database)
    const seen = await seeLargeContent(before.url, person, content)
    expect(seen).toMatchObject({ files: [expect.stringMatching(/^[0-9a-f]{64} /), '500'], story: 'low water, then\nhigh water\n' })
    expect(seen.items).toHaveLength(200)
    await before.stop()

    const moved = await runAdmin(env({ DATABASE_URL: address }), 'move')
    expect(moved).toMatchObject({ code: 0, err: '' })
    expect(moved.out).toMatch(/^items {2}1\d{4} rows {2}[0-9a-f]{16}$/m)
    expect(moved.out).toMatch(/tables with 2\d{4} rows are in Postgres, equal by their digests/)
    expect(moved.out).not.toContain('hush')
    expect(await readdir(dataDir)).not.toContain('db')
    const digests = await inFolder(await aside(), digestTables)
    expect(
      digests
        .filter(({ rows }) => rows >= 10_000)
        .map(({ table }) => table)
        .toSorted(),
    ).toEqual(['document_updates', 'items'])
    expect(await inTarget(digestTables)).toEqual(digests)

    const after = await startTestServer({ dataDir, env: { ATRIUM_SANDBOX: 'local', DATABASE_URL: address } })
    // Who was signed in still is.
    const again = asPerson(after.url, person, person.cookie)
    expect(await seeLargeContent(after.url, again, content)).toEqual(seen)
    expect(await seeBoard(after.url, again, content.plans.project)).toEqual({ vector: content.plans.vector, todos: ['Often completed'] })
    await after.stop()
  })

  test('without the address nothing starts on what was moved, until it is put back as the words say', async () => {
    await inFolder(join(dataDir, 'db'), (database) => database.rows(addAda))
    expect(await move('--to', address)).toMatchObject({ code: 0, err: '' })
    const { code, stderr } = await failToStart(env())
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('was moved to Postgres: start with the DATABASE_URL') })
    expect(await runAdmin(env(), 'users')).toMatchObject({ code: 1, err: expect.stringContaining('was moved to Postgres') })
    expect(await move('--to', address)).toMatchObject({ code: 1, err: expect.stringContaining('was moved to Postgres') })
    expect(existsSync(join(dataDir, 'db'))).toBe(false)
    expect(await runAdmin(env({ DATABASE_URL: address }), 'users')).toMatchObject({ code: 0, out: expect.stringContaining('ada@example.org') })

    const [, from = '', to = ''] = /rename (\S+) to (\S+);/.exec(stderr) ?? []
    expect({ from, to }).toEqual({ from: await aside(), to: join(dataDir, 'db') })
    await rename(from, to)
    expect(await runAdmin(env(), 'users')).toMatchObject({ code: 0, out: expect.stringContaining('ada@example.org') })
    // As after a move whose last step was cut off: the content is there already, and equal.
    expect(await move('--to', address)).toMatchObject({ code: 0, err: '', out: expect.stringContaining('equal by their digests') })
    expect(existsSync(join(dataDir, 'db'))).toBe(false)
  })

  test('what refuses says so in words, keeps nothing, and leaves the embedded database as it was', async () => {
    await inFolder(join(dataDir, 'db'), (database) => database.rows(addAda))
    const digests = await inFolder(join(dataDir, 'db'), digestTables)
    const refused = async (words: string, { err, out, code }: Awaited<ReturnType<typeof move>>) => {
      expect.soft({ err, code }).toEqual({ err: expect.stringContaining(words), code: 1 })
      expect.soft(err + out).not.toContain('hush')
      expect.soft(err.trim().split('\n')).toHaveLength(1)
    }
    await refused('Where to? Set DATABASE_URL', await move())
    await refused('--to must be a postgres:// address', await move('--to', 'mysql://hush@localhost/atrium'))
    await refused('--to and DATABASE_URL name different databases', await runAdmin(env({ DATABASE_URL: `${address}2` }), 'move', '--to', address))
    await refused('--to cannot be used: nothing answers', await move('--to', 'postgres://ada:hush@127.0.0.1:1/atrium'))
    const readOnly = `${address}?default_transaction_read_only=on`
    await refused('The database takes no writes: it is read-only. Nothing was moved.', await move('--to', readOnly))
    expect(await tablesThere()).toEqual([{ n: 0 }])

    await inTarget((database) => database.rows(sql`create table shop (id integer primary key)`))
    await refused("The database has tables that are not Atrium's: shop", await move('--to', address))
    await inTarget((database) => database.rows(sql`drop table shop`))

    const used = await createPostgresDatabase()
    const other = await openPostgresAsIs(used.url)
    await other.rows(
      sql`insert into users (id, email, name, password_hash, admin, created_at) values ('usr_2', 'mei@example.org', 'Mei', 'x', true, 1)`,
    )
    await refused('The database already has content of an Atrium (users)', await move('--to', used.url))
    expect(await other.rows(sql`select email from users`)).toEqual([{ email: 'mei@example.org' }])
    await other.close()
    await used.drop()

    const server = await holdDatabase(address, log)
    await refused('works on the database of --to. Stop it first', await move('--to', address))
    await server.release()
    expect(await tablesThere()).toEqual([{ n: 0 }])
    expect(await inFolder(join(dataDir, 'db'), digestTables)).toEqual(digests)
  })

  test('while a server runs on the data folder nothing is moved, whichever database it has', async () => {
    const embedded = await startTestServer({ dataDir })
    expect(await move('--to', address)).toMatchObject({ code: 1, err: expect.stringMatching(/in use by another Atrium \(process \d+\)\. Stop it/) })
    await embedded.stop()
    const other = await createPostgresDatabase()
    const onPostgres = await startTestServer({ dataDir, env: { DATABASE_URL: other.url } })
    expect(await move('--to', address)).toMatchObject({ code: 1, err: expect.stringMatching(/in use by another Atrium \(process \d+\)\. Stop it/) })
    await onPostgres.stop()
    await other.drop()
    expect(await tablesThere()).toEqual([{ n: 0 }])
    expect(existsSync(join(dataDir, 'db', 'PG_VERSION'))).toBe(true)
  })
})
