import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seedDataDir } from '../testing/database.ts'
import { createBackups } from './backup.ts'
import { startEmbedded } from './embedded-client.ts'
import { embeddedDatabase } from './embedded.ts'
import { openDatabase } from './open.ts'

const log = pino({ level: 'silent' })
const hourMs = 3_600_000
let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'atrium-embedded-'))
  await seedDataDir(dataDir)
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

const memory = { folder: undefined, backups: undefined, template: undefined }

test('a transaction that waits for itself is undone after a while, and the database goes on', async () => {
  const database = embeddedDatabase(await startEmbedded(memory, log, 200))
  await database.rows(sql`create table t (n int)`)
  const stuck = database.transaction(async (tx) => {
    await tx.execute(sql`insert into t values (1)`)
    await database.rows(sql`select 1`)
  })
  await expect(stuck).rejects.toMatchObject({ code: 'unavailable' })
  expect(await database.rows(sql`select count(*) as n from t`)).toEqual([{ n: 0 }])
  await database.close()
})

test('a failed block of statements leaves no transaction open behind it', async () => {
  const client = await startEmbedded(memory, log)
  await expect(client.exec('BEGIN; SELECT 1; SELECT nonsense; COMMIT')).rejects.toMatchObject({ code: '42703' })
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await client.close()
})

test('a long query does not hold up the event loop', async () => {
  const client = await startEmbedded(memory, log)
  let ticks = 0
  const timer = setInterval(() => (ticks += 1), 5)
  await client.query('select count(*) from generate_series(1, 3000000)')
  clearInterval(timer)
  expect(ticks).toBeGreaterThan(10)
  await client.close()
})

test('a backup is a database of its own; two are kept', async () => {
  const database = await openDatabase({ databaseUrl: undefined, dataDir }, log)
  await database.rows(sql`create table kept (n int)`)
  await database.rows(sql`insert into kept values (42)`)
  await database.close()

  let now = 1_763_000_000_000
  const into = join(dataDir, 'backups')
  const backups = createBackups({ from: join(dataDir, 'db'), into, now: () => now })
  for (let day = 0; day < 3; day += 1) {
    now += 25 * hourMs
    await backups.make()
  }
  const names = (await readdir(into)).toSorted()
  expect(names).toEqual([String(now - 25 * hourMs), String(now)])
  expect([backups.due('stop'), backups.due('running')]).toEqual([false, false])
  now += 7 * hourMs
  expect([backups.due('stop'), backups.due('running')]).toEqual([false, true])

  const restored = await startEmbedded({ folder: join(into, String(now - 7 * hourMs)), backups: undefined, template: undefined }, log)
  expect((await restored.query('select n from kept')).rows).toEqual([{ n: 42 }])
  await restored.close()
})

test('a folder that holds no database is refused with the reason, and the lock is given back', async () => {
  const broken = join(dataDir, 'broken')
  await mkdir(join(broken, 'db', 'PG_VERSION'), { recursive: true })
  await expect(openDatabase({ databaseUrl: undefined, dataDir: broken }, log)).rejects.toThrow(Error)
  expect(await readdir(broken)).toEqual(['db'])
})
