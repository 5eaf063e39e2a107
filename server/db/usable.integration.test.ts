import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError } from '../config.ts'
import { createPostgresDatabase, seedDataDir } from '../testing/database.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { needs } from '../testing/require.ts'
import { holdDatabase } from './one-server.ts'
import { openDatabase } from './open.ts'
import type { DatabaseSettings } from './open.ts'

const log = pino({ level: 'silent' })

/** The one line that a start stops with. */
async function refusal(opening: Promise<unknown>): Promise<string> {
  const error = await opening.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ConfigError)
  const { message } = error as ConfigError
  expect(message).not.toContain('\n')
  return message
}

describeOnDatabases('a database of a newer version on %s', (kind) => {
  let settings: DatabaseSettings
  let drop = async () => {}
  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'atrium-newer-'))
    const made = kind === 'postgres' ? await createPostgresDatabase() : undefined
    if (!made) await seedDataDir(dataDir)
    settings = { databaseUrl: made?.url, dataDir }
    drop = async () => {
      await made?.drop()
      await rm(dataDir, { recursive: true, force: true })
    }
  })
  afterAll(() => drop())

  test('is refused and left as it is, and the version that knows it opens it', async () => {
    const newer = await openDatabase(settings, log)
    await newer.rows(sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('of a later version', 4102444800000)`)
    await newer.close()
    for (let attempt = 0; attempt < 2; attempt += 1)
      expect(await refusal(openDatabase(settings, log))).toMatch(
        /^The database was made by a newer Atrium: its schema is of 2100-01-01 00:00, .* Start that version, or restore a backup of before\.$/,
      )
    if (!settings.databaseUrl) return
    const client = postgres(settings.databaseUrl, { max: 1 })
    await client`delete from drizzle.__drizzle_migrations where hash = 'of a later version'`
    await client.end()
    await openDatabase(settings, log).then((database) => database.close())
  })
})

describe('a role of Postgres that lacks a right', await needs('postgres'), () => {
  const role = `plain_${process.pid}_${Date.now()}`
  let admin: postgres.Sql
  let name: string
  let url: string
  let drop: () => Promise<void>
  beforeEach(async () => {
    const made = await createPostgresDatabase({ empty: true })
    name = new URL(made.url).pathname.slice(1)
    admin = postgres(made.url, { max: 1 })
    await admin.unsafe(`create role ${role} login password 'hunter2'`)
    drop = made.drop
    const plain = new URL(made.url)
    plain.username = role
    plain.password = 'hunter2'
    url = plain.href
  })
  afterEach(async () => {
    await admin.unsafe(`drop owned by ${role} cascade; drop role ${role}`)
    await admin.end()
    await drop()
  })
  const opening = () => openDatabase({ databaseUrl: url, dataDir: '/nowhere' }, log)

  test('CREATE: each statement that the line says brings it further, until it opens', async () => {
    const lines = [await refusal(opening())]
    await admin.unsafe(statementOf(lines[0]))
    lines.push(await refusal(opening()))
    await admin.unsafe(statementOf(lines[1]))
    await opening().then((database) => database.close())
    expect(lines).toEqual([
      `DATABASE_URL cannot be used: the role "${role}" lacks the right CREATE on the database "${name}". Grant it as an administrator: grant create on database "${name}" to "${role}";`,
      `DATABASE_URL cannot be used: the role "${role}" lacks the right CREATE on the schema public of "${name}". Grant it as an administrator: grant usage, create on schema public to "${role}";`,
    ])
  })

  test('CONNECT: told by whatever connects first', async () => {
    await admin.unsafe(`revoke connect on database ${name} from public`)
    const line = await refusal(holdDatabase(url, log))
    expect(line).toContain(`the role "${role}" lacks the right CONNECT on the database "${name}"`)
    expect(await refusal(opening())).toBe(line)
    await admin.unsafe(statementOf(line))
    await holdDatabase(url, log).then((held) => held.release())
  })

  test('a database that takes no writes is one line too', async () => {
    await admin.unsafe(`grant create on database ${name} to ${role}; alter role ${role} set default_transaction_read_only = on`)
    expect(await refusal(opening())).toMatch(/^DATABASE_URL cannot be used: .*read-only transaction\.$/)
  })
})

const statementOf = (line = '') => line.slice(line.indexOf(': grant') + 2)
