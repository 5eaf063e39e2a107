import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { newId } from '#shared/base/new-id.ts'
import type { UserId } from '#shared/base/ids.ts'
import { apiKeys, users } from '../auth/table.ts'
import { artifactParts, artifacts } from '../artifacts/table.ts'
import { projects } from '../projects/table.ts'
import { createPostgresDatabase, openTestDatabase } from '../testing/database.ts'
import { isForeignKeyViolation, uniqueViolation } from './errors.ts'
import { openDatabase } from './open.ts'
import type { Database } from './port.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { needs } from '../testing/require.ts'

const log = pino({ level: 'silent' })
const person = (email: string) => ({ id: newId<UserId>('usr'), email, name: 'Ada', passwordHash: 'x', admin: false, createdAt: 1_763_000_000_000 })

describeOnDatabases('the database port on %s', (kind) => {
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  test('numbers, bytes and JSON come back as they went in', async () => {
    const ada = person('ada@example.org')
    const data = new Uint8Array([0, 1, 255, 128])
    const projectId = newId<never>('prj')
    const artifactId = newId<never>('art')
    await database.db.insert(users).values(ada)
    await database.db.insert(projects).values({ id: projectId, name: 'Garden', createdBy: ada.id, createdAt: 1, updatedAt: 2 })
    await database.db.insert(artifacts).values({ id: artifactId, projectId, name: 'a', mime: 'text/plain', size: 4, createdAt: 1 })
    await database.db.insert(artifactParts).values({ artifactId, part: 0, data })
    const [user] = await database.db.select().from(users)
    expect(user).toEqual({ ...ada, disabledAt: null, erasedAt: null })
    const [part] = await database.db.select().from(artifactParts)
    expect(Uint8Array.from(part?.data ?? [])).toEqual(data)
    const rows = await database.rows<{ n: number; at: number; j: unknown }>(
      sql`select count(*) as n, max(created_at) as at, ${JSON.stringify({ a: [1] })}::text::jsonb as j from users`,
    )
    expect(rows).toEqual([{ n: 1, at: ada.createdAt, j: { a: [1] } }])
  })

  test('a transaction that throws leaves nothing, and others wait for it', async () => {
    const order: string[] = []
    const failing = database.transaction(async (tx) => {
      await tx.insert(users).values(person('mei@example.org'))
      order.push('inside')
      throw new Error('on second thoughts')
    })
    const count = database.rows<{ n: number }>(sql`select count(*) as n from users where email = 'mei@example.org'`)
    await expect(failing).rejects.toThrow('on second thoughts')
    expect(await count).toEqual([{ n: 0 }])
    expect(order).toEqual(['inside'])
  })

  test('a nested transaction can fail alone', async () => {
    await database.transaction(async (tx) => {
      await tx.insert(users).values(person('outer@example.org'))
      await expect(
        tx.transaction(async (inner) => {
          await inner.insert(users).values(person('outer@example.org'))
        }),
      ).rejects.toSatisfy((error) => uniqueViolation(error) === 'users_email_unique')
    })
    const rows = await database.rows<{ n: number }>(sql`select count(*) as n from users where email = 'outer@example.org'`)
    expect(rows).toEqual([{ n: 1 }])
  })

  test('errors say which rule was broken', async () => {
    const key = { id: newId<never>('key'), userId: newId<UserId>('usr'), name: 'k', hash: 'h', createdAt: 1 }
    await expect(database.db.insert(apiKeys).values(key)).rejects.toSatisfy(isForeignKeyViolation)
    await expect(database.rows(sql`select nonsense`)).rejects.toThrow('nonsense')
    expect(await database.rows(sql`select 1 as one`)).toEqual([{ one: 1 }])
  })

  test('a hundred transactions at once add up', async () => {
    const ada = person('counter@example.org')
    await database.db.insert(users).values({ ...ada, createdAt: 0 })
    await Promise.all(
      Array.from({ length: 100 }, () =>
        database.transaction(async (tx) => {
          await tx.execute(sql`update users set created_at = created_at + 1 where id = ${ada.id}`)
        }),
      ),
    )
    expect(await database.rows(sql`select created_at as n from users where id = ${ada.id}`)).toEqual([{ n: 100 }])
  })

  test('it tells how many connections serve, and how much waits for one', async () => {
    const most = kind === 'postgres' ? 20 : 1
    expect(database.load()).toEqual({ inUse: 0, most, waiting: 0 })
    const hold = Promise.withResolvers<void>()
    const held = Array.from({ length: most + 5 }, () => database.transaction(() => hold.promise))
    await vi.waitFor(() => expect(database.load()).toEqual({ inUse: most, most, waiting: 5 }))
    const failing = database.rows(sql`select nonsense`)
    failing.catch(() => undefined)
    await vi.waitFor(() => expect(database.load()).toMatchObject({ inUse: most, waiting: 6 }))
    hold.resolve()
    await Promise.all(held)
    await expect(failing).rejects.toThrow('nonsense')
    await vi.waitFor(() => expect(database.load()).toEqual({ inUse: 0, most, waiting: 0 }))
  })
})

describe('Postgres', await needs('postgres'), () => {
  test('three servers that start on an empty database at once migrate it once', async () => {
    const { url, drop } = await createPostgresDatabase({ empty: true })
    const opened = await Promise.all([1, 2, 3].map(() => openDatabase({ databaseUrl: url, dataDir: '/nowhere' }, log)))
    const [first] = opened
    expect(await first?.rows(sql`select count(*) as n from users`)).toEqual([{ n: 0 }])
    const applied = await first?.rows<{ hash: string }>(sql`select hash from drizzle.__drizzle_migrations`)
    expect(new Set(applied?.map(({ hash }) => hash)).size).toBe(applied?.length)
    await Promise.all(opened.map((database) => database.close()))
    await drop()
  })

  test('a connection that the server cuts is made again', async () => {
    const database = await openTestDatabase('postgres')
    await database.rows(sql`select 1`)
    await database.rows(sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`)
    await vi.waitFor(async () => expect(await database.rows(sql`select 1 as one`)).toEqual([{ one: 1 }]))
    await database.close()
  })
})

describe('the embedded database on disk', () => {
  const folders: string[] = []
  async function folder() {
    const path = await mkdtemp(join(tmpdir(), 'atrium-db-'))
    folders.push(path)
    return path
  }
  afterEach(async () => {
    for (const path of folders.splice(0)) await rm(path, { recursive: true, force: true })
  })

  test('a second opening of the same folder is refused in one line, and works after the first is closed', async () => {
    const dataDir = await folder()
    const first = await openDatabase({ databaseUrl: undefined, dataDir }, log)
    const second = openDatabase({ databaseUrl: undefined, dataDir }, log)
    await expect(second).rejects.toThrow(/in use by another Atrium \(process \d+\)/)
    await first.db.insert(users).values(person('ada@example.org'))
    await first.close()
    const third = await openDatabase({ databaseUrl: undefined, dataDir }, log)
    expect(await third.rows(sql`select email from users`)).toEqual([{ email: 'ada@example.org' }])
    await third.close()
    expect((await readdir(dataDir)).toSorted()).toEqual(['db'])
  })

  test('after closing, a query is refused instead of hanging', async () => {
    const database = await openDatabase({ databaseUrl: undefined, dataDir: await folder() }, log)
    await database.close()
    await database.close()
    await expect(database.rows(sql`select 1`)).rejects.toMatchObject({ cause: { code: 'unavailable' } })
  })
})
