import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import type { DatabaseKind } from '../../testing/database.ts'
import { needs } from '../../testing/require.ts'
import type { Database } from '../port.ts'
import { digestTables, exportTables } from './export.ts'
import { importTables } from './import.ts'
import { fillHostileTables, makeHostileTables } from './testing/hostile.ts'
import { openEmpty } from './testing/open-empty.ts'

const opened: Database[] = []
async function open(kind: DatabaseKind) {
  const database = await openEmpty(kind)
  opened.push(database)
  return database
}
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close()
})

async function linesOf(database: Database) {
  const lines: string[] = []
  await exportTables(database, (some) => void lines.push(...some))
  return lines
}

/** What no text of a value could get wrong on the way out and back in. */
const facts = (database: Database) =>
  database.rows(sql`
    select min(id)::text as first, bool_or(i8 = 9223372036854775807) as largest, bool_or(i8 = -9223372036854775808) as least,
      max(octet_length(b)) as bytes, max(get_byte(b, 255)) filter (where octet_length(b) = 256) as last_byte, count(*) filter (where octet_length(b) = 0) as no_bytes,
      bool_or(f8 = 5e-324) as tiny, bool_or(tz = '2026-03-29T00:30:00.123456Z') as moment, bool_or(jb = 'null'::jsonb) as json_null, count(*) filter (where jb is null) as nulls,
      max(octet_length(t)) as longest, count(*) filter (where t = '') as no_text, bool_or(t = E'\\r\\n\\t\\b\\x01\\x7f') as controls, max(doubled) as doubled,
      bool_or(ta[4] = 'NULL' and ta[3] is null) as texts, bool_or(m = '') as mood, count(*) as n
    from "an odd table"`)

const none: Awaited<ReturnType<typeof needs>> = {}
const postgres = await needs('postgres')

describe.each<[DatabaseKind, DatabaseKind, typeof none]>([
  ['embedded', 'embedded', none],
  ['embedded', 'postgres', postgres],
  ['postgres', 'embedded', postgres],
])('from %s to %s', (from, to, options) => {
  test('every type of column with hostile content arrives as it was', options, async () => {
    const source = await open(from)
    await makeHostileTables(source)
    const rows = await fillHostileTables(source)
    const target = await open(to)
    await makeHostileTables(target)

    const told: string[] = []
    const digests = await importTables(
      (sink) => exportTables(source, sink),
      target,
      ({ table }) => told.push(table),
    )

    expect(digests.find(({ table }) => table === 'an odd table')).toMatchObject({ rows, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(told.indexOf('odd "parents"')).toBeLessThan(told.indexOf('an odd table'))
    expect(await digestTables(target)).toEqual(digests)
    expect(await linesOf(target)).toEqual(await linesOf(source))
    const [here] = await facts(source)
    expect(here).toMatchObject({
      first: '2',
      largest: true,
      least: true,
      bytes: 256,
      last_byte: 255,
      no_bytes: 1,
      tiny: true,
      moment: true,
      json_null: true,
    })
    expect(here).toMatchObject({ longest: 70_000, no_text: 1, controls: true, doubled: 2147483646, texts: true, mood: true, n: rows })
    expect(await facts(target)).toEqual([here])
    // What comes next is what would have come there.
    expect(await target.rows(sql`select nextval('counted')::text as n, nextval('untouched')::text as one`)).toEqual([
      { n: '9007199254740994', one: '1' },
    ])
    const next = sql`insert into "an odd table" (t) values ('next') returning id::text as id`
    expect(await target.rows(next)).toEqual(await source.rows(next))
  })
})

test('pages are bounded, however unequal the rows', async () => {
  const source = await open('embedded')
  await source.rows(sql`create table uneven (id integer primary key, data bytea not null)`)
  // Each fourth hundred rows ends with three that are large.
  await source.rows(
    sql`insert into uneven select i, decode(repeat('00', case when i % 400 > 396 then 300000 else 10 end), 'hex') from generate_series(1, 2400) i`,
  )
  const pages: number[] = []
  let largest = 0
  const digests = await exportTables(source, (lines) => {
    const rows = lines.filter((line) => line.startsWith('['))
    if (rows.length > 0) pages.push(rows.length)
    largest = Math.max(largest, lines.join('').length)
  })
  expect(digests.find(({ table }) => table === 'uneven')?.rows).toBe(2400)
  expect(pages.reduce((sum, rows) => sum + rows, 0)).toBe(2400)
  expect(largest).toBeLessThan(1_300_000)
  // And not one by one.
  expect(pages.length).toBeLessThan(30)
})

test('rows have one order, whatever a database sorts by', postgres, async () => {
  const [here, there] = [await open('embedded'), await open('postgres')]
  await here.rows(sql`create table words (word text primary key)`)
  await there.rows(sql`create table words (word text collate "en-x-icu" primary key)`)
  for (const { rows } of [here, there]) await rows(sql`insert into words values ('b'), ('A'), ('_'), ('a'), ('é'), ('B'), ('')`)
  const sorted = sql`select string_agg(word, '' order by word) as words from words`
  expect(await there.rows(sorted)).not.toEqual(await here.rows(sorted))
  expect(await digestTables(there)).toEqual(await digestTables(here))
})
