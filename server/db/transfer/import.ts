import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import { ConfigError } from '../../config.ts'
import { databaseTrouble, postgresError } from '../errors.ts'
import type { Database } from '../port.ts'
import { readerIn, readSequences, readTables } from './catalog.ts'
import type { Read, Table } from './catalog.ts'
import { refuseUnlessEmpty } from './empty.ts'
import { writeTables } from './export.ts'
import { FirstLine, OtherLine, RowLine, formatVersion } from './format.ts'
import type { SequenceLine, Sink, Source, TableDigest, TableLine, Tell } from './format.ts'
import { migrateTo } from './schema.ts'

/**
 * Takes the content of a source into an empty database, which it brings to the schema of the source. All of it, compared with what the source
 * said of it, or nothing: it is one transaction.
 * @throws ConfigError when the database is not empty or the schema is newer; AppError `invalid_input` when the lines were cut off or changed
 */
export function importTables(source: Source, database: Pick<Database, 'rows' | 'transaction'>, tell: Tell = () => undefined): Promise<TableDigest[]> {
  return database.transaction(async (tx) => {
    const read = await readerIn(database, tx)
    await refuseUnlessEmpty(read)
    const taker = createTaker(read, tell)
    await source(taker.take)
    const digests = taker.end()
    const stored = await writeTables(
      read,
      () => undefined,
      () => undefined,
    )
    refuseDifferent(digests, stored, taker.sequences, await readSequences(read))
    return digests
  })
}

const damaged = (why: string) => new AppError('invalid_input', `What is to be taken over is damaged: ${why}.`)

/** Takes line after line; each says what may follow. */
function createTaker(read: Read, tell: Tell) {
  const digests: TableDigest[] = []
  const sequences: SequenceLine[] = []
  let known: Map<string, Table> | undefined
  let open: { table: Table; statement: ReturnType<typeof insertInto>; hash: ReturnType<typeof createHash>; rows: number } | undefined
  let done = false

  async function begin(line: string): Promise<void> {
    const first = FirstLine.safeParse(parse(line)).data
    if (!first) throw damaged('it does not begin as the content of an Atrium does')
    if (first.version !== formatVersion)
      throw new ConfigError(`What is to be taken over has the format ${first.version}; this version knows ${formatVersion}.`)
    await migrateTo(read, first.schema)
    known = new Map((await readTables(read)).map((table) => [table.name, table]))
  }

  function beginTable(line: TableLine): void {
    const table = known?.get(line.table)
    const same = JSON.stringify(table?.columns.map(({ name, type }) => [name, type])) === JSON.stringify(line.columns)
    if (!table || !same || digests.some((digest) => digest.table === line.table)) throw damaged(`its table ${line.table} is not one of its schema`)
    open = { table, statement: insertInto(table), hash: createHash('sha256'), rows: 0 }
  }

  async function insert(lines: readonly string[]): Promise<void> {
    if (!open) throw damaged('a row is in no table')
    const { table, statement, hash } = open
    for (const line of lines) {
      if (RowLine.safeParse(parse(line)).data?.length !== table.columns.length) throw damaged(`a row of ${table.name} is not one`)
      hash.update(`${line}\n`)
    }
    open.rows += lines.length
    await read(statement(`[${lines.join(',')}]`)).catch((error: unknown) => {
      throw refused(table.name, error)
    })
  }

  function endTable(end: { end: string; rows: number; sha256: string }): void {
    const sha256 = open?.hash.digest('hex')
    if (!open || open.table.name !== end.end || open.rows !== end.rows || sha256 !== end.sha256)
      throw damaged(`the rows of ${end.end} are not those that were written`)
    const digest = { table: end.end, rows: end.rows, sha256 }
    open = undefined
    digests.push(digest)
    tell(digest)
  }

  async function other(line: string): Promise<void> {
    const parsed = OtherLine.safeParse(parse(line)).data
    if (!parsed || done) throw damaged('it has a line that means nothing')
    if ('end' in parsed) return endTable(parsed)
    if (open) throw damaged(`the table ${open.table.name} does not end`)
    if ('table' in parsed) return beginTable(parsed)
    if ('sequence' in parsed) {
      if (!(await readSequences(read)).some(({ sequence }) => sequence === parsed.sequence))
        throw damaged(`its sequence ${parsed.sequence} is not one of its schema`)
      sequences.push(parsed)
      await read(
        sql`select setval(format('public.%I', ${parsed.sequence}::text)::regclass, ${parsed.value}::text::bigint, ${parsed.called}::boolean)`,
      )
      return
    }
    if (parsed.tables !== digests.length) throw damaged('tables are missing')
    done = true
  }

  const take: Sink = async (lines) => {
    for (let i = 0; i < lines.length;) {
      const line = lines[i] ?? ''
      if (!known) await begin(line)
      else if (!line.startsWith('[')) await other(line)
      else {
        const after = lines.findIndex((next, at) => at > i && !next.startsWith('['))
        const rows = lines.slice(i, after === -1 ? undefined : after)
        await insert(rows)
        i += rows.length
        continue
      }
      i += 1
    }
  }

  return {
    take,
    sequences,
    end(): TableDigest[] {
      if (!done) throw damaged('its end is missing')
      return digests
    },
  }
}

/** The driver's own error has all the rows in its message. */
function refused(table: string, error: unknown): AppError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof AppError) return cause
  const trouble = databaseTrouble(error)
  if (trouble !== undefined) return new AppError('unavailable', trouble)
  const said = postgresError(error)?.message
  return said === undefined
    ? new AppError('internal', `The rows of ${table} could not be stored.`)
    : damaged(`the rows of ${table} cannot be stored: ${said}`)
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** The statement for rows that are given as one JSON text: the driver would send other types in forms of its own. */
function insertInto({ name, columns }: Table) {
  const names = columns.map((column) => sql.identifier(column.name))
  const values = columns.map(({ type }, i) => sql`(r->>${sql.raw(String(i))})::${sql.raw(type)}`)
  return (rows: string) => sql`
    insert into public.${sql.identifier(name)} (${sql.join(names, sql`, `)}) overriding system value
    select ${sql.join(values, sql`, `)} from jsonb_array_elements(cast(${rows}::text as jsonb)) as r`
}

function refuseDifferent(meant: TableDigest[], stored: TableDigest[], meantSequences: SequenceLine[], storedSequences: SequenceLine[]): void {
  const byName = new Map(stored.map((digest) => [digest.table, digest.sha256]))
  const differing = meant.filter(({ table, sha256 }) => byName.get(table) !== sha256).map(({ table }) => table)
  const lacking = stored.filter(({ table }) => !meant.some((digest) => digest.table === table)).map(({ table }) => table)
  if (lacking.length > 0) throw damaged(`it lacks the tables ${lacking.join(', ')}`)
  if (differing.length > 0) throw new AppError('internal', `The database holds other rows than it was given, in ${differing.join(', ')}.`)
  if (JSON.stringify(meantSequences) !== JSON.stringify(storedSequences)) throw damaged('its sequences are not those of its schema')
}
