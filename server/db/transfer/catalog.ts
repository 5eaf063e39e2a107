import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { z } from 'zod'
import { AppError } from '#shared/base/errors.ts'
import type { Database, Db } from '../port.ts'
import type { SequenceLine } from './format.ts'

/** Rows of a query inside of the transaction of a transfer. */
export type Read = (query: SQL) => Promise<Record<string, unknown>[]>

/** One that is computed from others is not among a table's columns. */
type Column = { name: string; type: string; bytes: boolean }

export type Table = {
  name: string
  columns: Column[]
  /** The primary key as expressions to order by: the same order on every database. */ order: SQL[]
}

/** Under these, every value is written as the same text on every database, and read back as the same value. */
const settings: Record<string, string> = {
  bytea_output: 'hex',
  datestyle: 'ISO, YMD',
  extra_float_digits: '1',
  intervalstyle: 'postgres',
  search_path: 'public',
  timezone: 'UTC',
}

/** Reads and writes inside of `tx` from now on in the form of a transfer. */
export async function readerIn(database: Pick<Database, 'rows'>, tx: Db): Promise<Read> {
  for (const [name, value] of Object.entries(settings)) await tx.execute(sql`select set_config(${name}, ${value}, true)`)
  return (query) => database.rows(query, tx)
}

const ColumnRow = z.object({ table: z.string(), name: z.string(), type: z.string(), collated: z.boolean(), key: z.coerce.number().nullable() })
const Reference = z.object({ from: z.string(), to: z.string() })

/**
 * Every table of the schema `public`; one that others refer to comes before them. Rows that refer to their own table (a run to the one above it) come
 * after those: ids grow with time, and rows are written in the order of their ids. Not the schema `jobs`: the job queue makes its own tables, in a
 * form that differs between the two kinds of database, and what is in them is found again by its sweeps at the start and every minute. Not
 * `drizzle` either: its rows follow from the migration that the lines name.
 */
export async function readTables(read: Read): Promise<Table[]> {
  const rows = z.array(ColumnRow).parse(
    await read(sql`
      select c.relname as "table", a.attname as name, format_type(a.atttypid, -1) as type, a.attcollation <> 0 as collated,
        array_position(i.indkey::int2[], a.attnum) as key
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      left join pg_index i on i.indrelid = c.oid and i.indisprimary
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      order by c.relname collate "C", a.attnum`),
  )
  const references = z.array(Reference).parse(
    await read(sql`
      select source.relname as "from", target.relname as "to"
      from pg_constraint f join pg_class source on source.oid = f.conrelid join pg_class target on target.oid = f.confrelid
      where f.contype = 'f' and f.connamespace = 'public'::regnamespace and f.conrelid <> f.confrelid`),
  )
  const byTable = Map.groupBy(rows, ({ table }) => table)
  return inOrder([...byTable.keys()], references).map((name) => toTable(name, byTable.get(name) ?? []))
}

function toTable(name: string, rows: z.infer<typeof ColumnRow>[]): Table {
  const key = rows.filter((row) => row.key !== null).toSorted((a, b) => (a.key ?? 0) - (b.key ?? 0))
  if (key.length === 0) throw new AppError('internal', `The table ${name} has no primary key, so that its rows have no order.`)
  return {
    name,
    columns: rows.map((row) => ({ name: row.name, type: row.type, bytes: row.type === 'bytea' })),
    order: key.map((row) => (row.collated ? sql`${sql.identifier(row.name)} collate "C"` : sql`${sql.identifier(row.name)}`)),
  }
}

/** By name, and what others refer to first. */
export function inOrder(names: readonly string[], references: readonly { from: string; to: string }[]): string[] {
  const sorted: string[] = []
  const left = new Set(names)
  while (left.size > 0) {
    const next = [...left].find((name) => !references.some(({ from, to }) => from === name && left.has(to)))
    if (next === undefined) throw new AppError('internal', `The tables ${[...left].join(', ')} refer to each other, so that none can come first.`)
    left.delete(next)
    sorted.push(next)
  }
  return sorted
}

const SequenceName = z.object({ name: z.string() })
const SequenceState = z.object({ value: z.string(), called: z.boolean() })

export async function readSequences(read: Read): Promise<SequenceLine[]> {
  const names = z
    .array(SequenceName)
    .parse(
      await read(
        sql`select relname as name from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace order by relname collate "C"`,
      ),
    )
  const states: SequenceLine[] = []
  for (const { name } of names) {
    const [row] = await read(sql`select last_value::text as value, is_called as called from ${sql.identifier('public')}.${sql.identifier(name)}`)
    states.push({ sequence: name, ...SequenceState.parse(row) })
  }
  return states
}
