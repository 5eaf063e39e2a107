import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrationsFolder } from '../db/migrations-folder.ts'
import { openDatabase } from '../db/open.ts'
import { readerIn } from '../db/transfer/catalog.ts'
import { openFolderAsIs } from '../db/transfer/open.ts'
import { migrateTo } from '../db/transfer/schema.ts'
import { silent } from '../sync/testing/room.ts'
import { runAdmin } from '../testing/run-admin.ts'
import { createPostgresDatabase } from '../testing/database.ts'
import { needs } from '../testing/require.ts'
import { expectRestored, readBackup } from './testing/restored.ts'

const schemas = readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis)
const newest = schemas.at(-1) ?? 0

let root: string
const drops: (() => Promise<void>)[] = []
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'atrium-elsewhere-'))
})
afterEach(async () => {
  for (const drop of drops.splice(0)) await drop()
  await rm(root, { recursive: true, force: true })
})

const embedded = (name: string): Record<string, string> => ({ ATRIUM_DATA_DIR: join(root, name) })
async function postgres(name: string): Promise<Record<string, string>> {
  const { url, drop } = await createPostgresDatabase({ empty: true })
  drops.push(drop)
  return { ...embedded(name), DATABASE_URL: url }
}

/** A data folder of the embedded database, with Ada in it. */
async function makeFolder(name: string, schema: number): Promise<Record<string, string>> {
  const env = embedded(name)
  const copies = join(env.ATRIUM_DATA_DIR ?? '', 'copies')
  await mkdir(copies, { recursive: true, mode: 0o700 })
  await writeFile(join(copies, 'a.tgz'), 'an archive', { mode: 0o640 })
  await utimes(join(copies, 'a.tgz'), 1_700_000_000, 1_700_000_000)
  await symlink('a.tgz', join(copies, 'newest'))
  const database = await openFolderAsIs(join(env.ATRIUM_DATA_DIR ?? '', 'db'), silent)
  await database.transaction(async (tx) => {
    await migrateTo(await readerIn(database, tx), schema)
    await tx.execute(
      sql`insert into users (id, name, email, password_hash, admin, created_at) values ('usr_1', 'Ada', 'ada@example.org', 'x', true, 1)`,
    )
  })
  await database.close()
  return env
}

/** The one that is made into a new folder. */
async function backUp(env: Record<string, string>, name: string): Promise<string> {
  expect(await runAdmin(env, 'backup', join(root, name))).toMatchObject({ code: 0, err: '' })
  const [made = ''] = await readdir(join(root, name))
  return join(root, name, made)
}

test('without a server; links, modes and times come along, and the folder is another one', async () => {
  const first = await makeFolder('first', newest)
  const backup = await backUp(first, 'backups')
  const second = embedded('second')
  expect(await runAdmin(second, 'restore', backup)).toMatchObject({ code: 0, err: '' })
  const { manifest, entries } = await readBackup(backup)
  await expectRestored(second, manifest, entries)
  const at = (path: string) => join(second.ATRIUM_DATA_DIR ?? '', path)
  expect(await readlink(at('copies/newest'))).toBe('a.tgz')
  expect(await stat(at('copies/a.tgz'))).toMatchObject({ mtimeMs: 1_700_000_000_000, mode: 0o100640 })
  expect(await readFile(at('sandbox-host-id'), 'utf8')).not.toBe(manifest.home)
  expect((await readdir(second.ATRIUM_DATA_DIR ?? '')).toSorted()).toEqual(['copies', 'db', 'sandbox-host-id'])
  const third = embedded('third')
  expect(await runAdmin(third, 'restore', backup, '--take-over')).toMatchObject({ code: 0, err: '' })
  expect(await readFile(join(third.ATRIUM_DATA_DIR ?? '', 'sandbox-host-id'), 'utf8')).toBe(manifest.home)
})

test('an older one is brought to this schema; a newer one is refused with words, and nothing is left of it', async () => {
  const old = schemas.at(-3) ?? 0
  const backup = await backUp(await makeFolder('old', old), 'backups')
  expect((await readBackup(backup)).manifest.database.schema).toBe(old)
  const into = embedded('new')
  expect(await runAdmin(into, 'restore', backup)).toMatchObject({ code: 0, err: '', out: expect.stringContaining('the schema was brought') })
  const database = await openDatabase({ databaseUrl: undefined, dataDir: into.ATRIUM_DATA_DIR ?? '' }, silent)
  expect(await database.rows(sql`select name, disabled_at from users`)).toEqual([{ name: 'Ada', disabled_at: null }])
  await database.close()

  const manifest = JSON.parse(await readFile(join(backup, 'manifest.json'), 'utf8'))
  manifest.database.schema = newest + 1
  await writeFile(join(backup, 'manifest.json'), JSON.stringify(manifest))
  const never = embedded('never')
  expect(await runAdmin(never, 'restore', backup)).toMatchObject({ code: 1, err: expect.stringContaining('made by a newer Atrium') })
  await expect(stat(never.ATRIUM_DATA_DIR ?? '')).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a line that is no command says how it is written, and what is no backup is told', async () => {
  expect(await runAdmin({}, 'verify')).toMatchObject({ code: 2, out: expect.stringContaining('restore <backup>') })
  expect(await runAdmin({}, 'backup', root, '--take-over')).toMatchObject({ code: 2 })
  expect(await runAdmin({}, 'verify', root)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^This is no whole backup of Atrium: there is no .*\n$/),
  })
})

describe('to the other kind of database', await needs('postgres'), () => {
  test('from embedded to Postgres and back; a database with content is refused before anything is put anywhere', async () => {
    const backup = await backUp(await makeFolder('first', newest), 'first-backups')
    const second = await postgres('second')
    expect(await runAdmin(second, 'restore', backup)).toMatchObject({ code: 0, err: '' })
    const { manifest, entries } = await readBackup(backup)
    await expectRestored(second, manifest, entries)
    const again = await backUp(second, 'second-backups')
    expect((await readBackup(again)).manifest.database).toMatchObject({ kind: 'postgres', tables: manifest.database.tables })
    const third = embedded('third')
    expect(await runAdmin(third, 'restore', again)).toMatchObject({ code: 0, err: '' })
    await expectRestored(third, manifest, entries)
    const filled = { ...second, ATRIUM_DATA_DIR: join(root, 'not-there') }
    expect(await runAdmin(filled, 'restore', backup)).toMatchObject({ code: 1, err: expect.stringContaining('already has content') })
    await expect(stat(filled.ATRIUM_DATA_DIR)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
