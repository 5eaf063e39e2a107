import { sql } from 'drizzle-orm'
import type { Database } from '../../port.ts'

/** A table of every type that a column may have; it comes before the one that it refers to by name, and its names need quotes. */
const tables = [
  `create type mood as enum ('glad', 'it''s "odd"', '')`,
  `create sequence counted`,
  `create sequence untouched`,
  `create table "odd ""parents""" ("the id" text, part integer, primary key (part, "the id"))`,
  `create table "an odd table" (
    id bigint generated always as identity primary key, parent text, part integer,
    t text, v varchar(5), c char(6), quoted "char", b bytea, i2 smallint, i4 integer, i8 bigint, n numeric, n2 numeric(20, 4), f4 real, f8 double precision,
    ok boolean, j json, jb jsonb, tz timestamptz, ts timestamp(3), d date, tm time, tmz timetz, iv interval, u uuid, ta text[], ba bytea[],
    bits bit(5), vb bit varying, ip inet, r int8range, m mood, "select ""; --" text, doubled integer generated always as (i4 * 2) stored,
    foreign key (part, parent) references "odd ""parents""" (part, "the id"))`,
]

const texts = [
  '',
  ' ',
  'null',
  '\\N',
  '\\x00',
  '["a",null]\n',
  '\r\n\t\b\u0001\u007f',
  `'"\\' || $1 $$ %s`,
  '\u2028\u2029\ufeff\uffff',
  'é e\u0301 👩‍👩‍👧 \u{10ffff}',
  'x'.repeat(70_000),
]

/** Postgres' own texts of values, each with its column. */
const values: [column: string, value: string][] = [
  ['v', 'ab  '],
  ['c', 'a b'],
  ['quoted', '\\'],
  ['b', `\\x${Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString('hex')}`],
  ['b', '\\x'],
  ['i2', '-32768'],
  ['i4', '1073741823'],
  ['i8', '9223372036854775807'],
  ['i8', '-9223372036854775808'],
  ['n', 'NaN'],
  ['n', '-123456789012345678901234567890.1234567890000'],
  ['n2', '1.5'],
  ['f4', '3.4028235e+38'],
  ['f4', '0.1'],
  ['f8', '5e-324'],
  ['f8', '0.1'],
  ['f8', '-Infinity'],
  ['f8', '-0'],
  ['ok', 'false'],
  ['j', '{"b" : 1.0, "a":"\\u0000", "a": [ ]}'],
  ['jb', '{"n":12345678901234567890.100,"s":"\\"\\\\ \\u2028","x":null,"e":1e300}'],
  ['jb', 'null'],
  ['jb', '"\\\\x00"'],
  ['tz', '2026-03-29 02:30:00.123456+02'],
  ['tz', 'infinity'],
  ['tz', '0044-03-15 12:00:00+00 BC'],
  ['ts', '1969-12-31 23:59:59.999'],
  ['d', '5874897-12-31'],
  ['tm', '24:00:00'],
  ['tmz', '12:00:00+05:45'],
  ['iv', '-1 year 2 mons -3 days 04:05:06.7'],
  ['u', '00000000-0000-0000-0000-0000000000ff'],
  ['ta', '{a,"b,\\"c\\\\",NULL,"NULL",""}'],
  ['ba', '{"\\\\x00ff",NULL}'],
  ['bits', '10110'],
  ['vb', ''],
  ['ip', '::ffff:10.0.0.1/120'],
  ['r', '[1,9223372036854775807)'],
  ['m', `it's "odd"`],
  ['m', ''],
  ['select "; --', '"'],
]

export async function makeHostileTables({ rows }: Database): Promise<void> {
  for (const statement of tables) await rows(sql.raw(statement))
}

/** One row for each value, and one for each text, which is also a key. The first number of a row is 2. @returns how many rows */
export async function fillHostileTables({ rows }: Database): Promise<number> {
  const types = await rows<{ name: string; type: string }>(
    sql`select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = '"an odd table"'::regclass and attnum > 0`,
  )
  await rows(sql`insert into "an odd table" (t) values ('will be gone')`)
  for (const [column, value] of values) {
    const type = types.find(({ name }) => name === column)?.type ?? ''
    await rows(sql`insert into "an odd table" (${sql.identifier(column)}) values ((${value}::text)::${sql.raw(type)})`)
  }
  for (const [part, text] of texts.entries()) {
    // A key has at most 2704 bytes.
    const key = text.slice(0, 100)
    await rows(sql`insert into "odd ""parents""" values (${key}, ${part % 2})`)
    await rows(sql`insert into "an odd table" (t, parent, part) values (${text}, ${key}, ${part % 2})`)
  }
  await rows(sql`select setval('counted', 9007199254740993)`)
  await rows(sql`delete from "an odd table" where t = 'will be gone'`)
  return values.length + texts.length
}
