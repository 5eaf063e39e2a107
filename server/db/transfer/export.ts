import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { ConfigError } from '../../config.ts'
import { refuseNewer } from '../newer-schema.ts'
import type { Database } from '../port.ts'
import { readerIn, readSequences, readTables } from './catalog.ts'
import type { Read, Table } from './catalog.ts'
import { formatVersion } from './format.ts'
import type { FirstLine, LastLine, Sink, TableDigest, TableEnd, TableLine, Tell } from './format.ts'
import { schemaOf } from './schema.ts'
import type { z } from 'zod'

/** What is read at once: as many rows as come to about so many bytes of text, and at least one. */
const pageBytes = 1024 * 1024
const pageRows = 1000
const sizesAtOnce = 10_000

/**
 * Gives the whole content of the database to the sink, as it is at one moment.
 * @throws ConfigError when the database was never used, or by a newer version
 */
export function exportTables(database: Pick<Database, 'rows' | 'transaction'>, sink: Sink, tell: Tell = () => undefined): Promise<TableDigest[]> {
  return database.transaction(async (tx) => {
    await tx.execute(sql`set transaction isolation level repeatable read, read only`)
    const read = await readerIn(database, tx)
    const schema = await schemaOf(read)
    if (schema === undefined) throw new ConfigError('There is no content of Atrium in this database.')
    refuseNewer(schema, 'The database')
    await sink([JSON.stringify({ format: 'atrium-tables', version: formatVersion, schema } satisfies z.infer<typeof FirstLine>)])
    const digests = await writeTables(read, sink, tell)
    const sequences = await readSequences(read)
    const last: z.infer<typeof LastLine> = { done: true, tables: digests.length }
    await sink([...sequences, last].map((line) => JSON.stringify(line)))
    return digests
  })
}

/** Of every table of the schema: equal for equal content, on either kind of database. */
export const digestTables = (database: Pick<Database, 'rows' | 'transaction'>): Promise<TableDigest[]> => exportTables(database, () => undefined)

/** The lines of all tables, read in the transaction of `read`. */
export async function writeTables(read: Read, sink: Sink, tell: Tell): Promise<TableDigest[]> {
  const digests: TableDigest[] = []
  for (const table of await readTables(read)) {
    const digest = await writeTable(read, table, sink)
    digests.push(digest)
    tell(digest)
  }
  return digests
}

async function writeTable(read: Read, table: Table, sink: Sink): Promise<TableDigest> {
  const head: TableLine = { table: table.name, columns: table.columns.map(({ name, type }) => [name, type]) }
  await sink([JSON.stringify(head)])
  const hash = createHash('sha256')
  let rows = 0
  for await (const lines of linesOf(read, table)) {
    for (const line of lines) hash.update(`${line}\n`)
    rows += lines.length
    await sink(lines)
  }
  const sha256 = hash.digest('hex')
  await sink([JSON.stringify({ end: table.name, rows, sha256 } satisfies z.infer<typeof TableEnd>)])
  return { table: table.name, rows, sha256 }
}

/**
 * In pages of bounded size, however unequal the rows are. Two cursors go over the table in the same order; the first one's sizes say how many
 * rows of the second one make a page.
 */
async function* linesOf(read: Read, { name, columns, order }: Table): AsyncGenerator<string[]> {
  const names = columns.map((column) => sql.identifier(column.name))
  // Ordered inside, so that a sort moves values as they are stored, and not their texts.
  const inner = sql`(select ${comma(names)} from public.${sql.identifier(name)} order by ${comma(order)}) as r`
  const sizes = columns.map((column, i) =>
    column.bytes ? sql`coalesce(octet_length(${names[i]}) * 2, 0)` : sql`coalesce(octet_length(${names[i]}::text), 0)`,
  )
  const values = columns.map((_, i) => sql`${names[i]}::text as ${sql.identifier(`c${i}`)}`)
  await read(sql`declare transfer_sizes no scroll cursor for select ${sql.join(sizes, sql` + `)} as size from ${inner}`)
  await read(sql`declare transfer_rows no scroll cursor for select ${comma(values)} from ${inner}`)
  for await (const count of pages(read)) {
    const rows = await read(sql`fetch ${sql.raw(String(count))} from transfer_rows`)
    yield rows.map((row) => JSON.stringify(Object.values(row)))
  }
  await read(sql`close transfer_rows`)
  await read(sql`close transfer_sizes`)
}

/** How many rows each page has. */
async function* pages(read: Read): AsyncGenerator<number> {
  let rows = 0
  let bytes = 0
  for (;;) {
    const sizes = await read(sql`fetch ${sql.raw(String(sizesAtOnce))} from transfer_sizes`)
    for (const { size } of sizes) {
      if (rows > 0 && (rows === pageRows || bytes + Number(size) > pageBytes)) {
        yield rows
        rows = 0
        bytes = 0
      }
      rows += 1
      bytes += Number(size)
    }
    if (sizes.length < sizesAtOnce) break
  }
  if (rows > 0) yield rows
}

const comma = (parts: SQL[] | ReturnType<typeof sql.identifier>[]): SQL => sql.join([...parts], sql`, `)
