import { createHash } from 'node:crypto'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { sql } from 'drizzle-orm'
import { afterEach, beforeAll, expect, test } from 'vitest'
import type { DatabaseKind } from '../../testing/database.ts'
import { describeOnDatabases } from '../../testing/on-databases.ts'
import { migrationsFolder } from '../migrations-folder.ts'
import type { Database } from '../port.ts'
import { readerIn } from './catalog.ts'
import { hasContent } from './empty.ts'
import { exportTables } from './export.ts'
import type { Source } from './format.ts'
import { importTables } from './import.ts'
import { migrateTo, schemaOf } from './schema.ts'
import { openEmpty } from './testing/open-empty.ts'

const addAda = sql`insert into users (id, email, name, password_hash, admin, created_at) values ('usr_1', 'ada@example.org', 'Ada', 'a secret', true, 1)`
const addGarden = sql`insert into projects (id, name, created_by, created_at, updated_at) values ('prj_1', 'Garden', 'usr_1', 1, 1)`
const noRows = (table: string) => JSON.stringify({ end: table, rows: 0, sha256: createHash('sha256').digest('hex') })
const gives =
  (lines: string[]): Source =>
  async (sink) =>
    sink(lines)

describeOnDatabases('what cannot be taken over, on %s', (kind: DatabaseKind) => {
  /** Of a database with Ada and her garden. */
  let lines: string[]
  beforeAll(async () => {
    const source = await openEmpty('embedded')
    await source.rows(addAda)
    await source.rows(addGarden)
    lines = []
    await exportTables(source, (some) => void lines.push(...some))
    await source.close()
  })

  let target: Database | undefined
  afterEach(async () => {
    await target?.close()
    target = undefined
  })
  const open = async (options = {}) => (target = await openEmpty(kind, options))
  const leftOf = (database: Database) =>
    database.rows(
      sql`select relname from pg_class where relkind = 'r' and relnamespace::regnamespace::text in ('public', 'drizzle') order by relname`,
    )

  const row = (table: string) => lines.findIndex((line) => line.startsWith(`{"table":"${table}"`)) + 1
  const withLine = (at: number, ...instead: string[]) => lines.toSpliced(at, 1, ...instead)
  const damages: Record<string, [() => string[], RegExp]> = {
    'its end': [() => lines.slice(0, -1), /damaged: its end is missing/],
    'its beginning': [() => lines.slice(1), /damaged: it does not begin/],
    'a changed row': [() => withLine(row('users'), (lines[row('users')] ?? '').replace('Ada', 'Eve')), /damaged: the rows of users/],
    'a lost row': [() => withLine(row('users')), /damaged: the rows of users/],
    'a table too few': [
      () => [...lines.slice(0, row('projects') - 1), ...lines.slice(row('projects') + 2)],
      /damaged: (?:tables are missing|it lacks the tables projects)/,
    ],
    'a table of nowhere': [() => withLine(row('users') - 1, '{"table":"passwords","columns":[["id","text"]]}'), /damaged: its table passwords/],
    'a column of nowhere': [() => withLine(row('users') - 1, (lines[row('users') - 1] ?? '').replace('email', 'e_mail')), /damaged: its table users/],
    'a row that is none': [() => withLine(row('users'), '[1]'), /damaged: a row of users is not one/],
    'a row that refers to nobody': [
      () => lines.toSpliced(row('users'), 2, noRows('users')),
      /damaged: the rows of projects cannot be stored: .*foreign key/,
    ],
    'a value of another type': [
      () => withLine(row('users'), (lines[row('users')] ?? '').replace('"true"', '"perhaps"')),
      /damaged: the rows of users cannot be stored: invalid input syntax/,
    ],
    'a line that is none': [() => withLine(row('users'), 'drop table users'), /damaged: it has a line that means nothing/],
    'a sequence of nowhere': [
      () => withLine(lines.length - 1, '{"sequence":"n","value":"1","called":true}', lines.at(-1) ?? ''),
      /damaged: its sequence n is not one/,
    ],
    'a form of later': [() => withLine(0, '{"format":"atrium-tables","version":2,"schema":1}'), /has the format 2; this version knows 1/],
    'a newer schema': [
      () => withLine(0, '{"format":"atrium-tables","version":1,"schema":4102444800000}'),
      /was made by a newer Atrium: its schema is of 2100-01-01/,
    ],
    'a schema of nobody': [
      () => withLine(0, '{"format":"atrium-tables","version":1,"schema":1795222192129}'),
      /has a schema that no version of Atrium has had/,
    ],
  }

  test('whatever is damaged leaves nothing behind', async () => {
    const database = await open()
    for (const [what, [changed, words]] of Object.entries(damages)) {
      const error: unknown = await importTables(gives(changed()), database).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect.soft(error, what).toBeInstanceOf(Error)
      expect.soft((error as Error).message, what).toMatch(words)
      expect.soft((error as Error).stack, what).not.toContain('a secret')
    }
    expect(await hasContent(database)).toBe(false)
    // And all of it goes in.
    await importTables(gives(lines), database)
    expect(await database.rows(sql`select name, created_by from projects`)).toEqual([{ name: 'Garden', created_by: 'usr_1' }])
  })

  test('a source that breaks in the middle leaves nothing behind', async () => {
    const database = await open({ unused: true })
    const breaks: Source = async (sink) => {
      await sink(lines.slice(0, row('projects')))
      throw new Error('the disk is gone')
    }
    await expect(importTables(breaks, database)).rejects.toThrow('the disk is gone')
    expect(await leftOf(database)).toEqual([])
  })

  test('a database with people in it is refused, and one with tables of something else', async () => {
    const database = await open()
    await database.rows(addAda)
    await expect(importTables(gives(lines), database)).rejects.toThrow(/already has content of an Atrium \(users\)/)
    expect(await database.rows(sql`select email from users`)).toEqual([{ email: 'ada@example.org' }])
    await database.close()
    target = undefined

    const foreign = await open({ unused: true })
    await foreign.rows(sql`create table shop (id integer primary key)`)
    await expect(importTables(gives(lines), foreign)).rejects.toThrow(/tables that are not Atrium's: shop/)
    await expect(exportTables(foreign, () => undefined)).rejects.toThrow(/no content of Atrium/)
  })

  test('what an older version wrote is taken over with its schema, which the next opening brings on', async () => {
    const [first, ...later] = readMigrationFiles({ migrationsFolder })
    const older = await openEmpty('embedded', { unused: true })
    const old: string[] = []
    await older.transaction(async (tx) => migrateTo(await readerIn(older, tx), first?.folderMillis ?? 0))
    await older.rows(addAda)
    await exportTables(older, (some) => void old.push(...some))
    await older.close()

    const database = await open({ unused: true })
    await importTables(gives(old), database)
    const read = (query: Parameters<Database['rows']>[0]) => database.rows(query)
    expect(await schemaOf(read)).toBe(first?.folderMillis)
    await database.transaction(async (tx) => migrateTo(await readerIn(database, tx), later.at(-1)?.folderMillis ?? 0))
    expect(await database.rows(sql`select name, disabled_at from users`)).toEqual([{ name: 'Ada', disabled_at: null }])
    // The migrator itself has nothing left to do: its table says the same as if it had done it.
    const hashes = await database.rows<{ hash: string }>(sql`select hash from drizzle.__drizzle_migrations order by id`)
    expect(hashes.map(({ hash }) => hash)).toEqual([first, ...later].map((migration) => migration?.hash))
    await expect(importTables(gives(old), await openNewest())).rejects.toThrow(/newer schema than what is to be taken over/)
  })

  async function openNewest() {
    await target?.close()
    return open()
  }
})
