import { sql } from 'drizzle-orm'
import { ConfigError } from '../../config.ts'
import type { Database } from '../port.ts'
import { readerIn, readTables } from './catalog.ts'
import type { Read } from './catalog.ts'
import { schemaOf } from './schema.ts'

/** Whether an Atrium has written anything into the database. */
export const hasContent = (database: Pick<Database, 'rows' | 'transaction'>): Promise<boolean> =>
  database.transaction(async (tx) => {
    const read = await readerIn(database, tx)
    return (await schemaOf(read)) !== undefined && (await filledTables(read)).length > 0
  })

/** @throws ConfigError when the database has content, or tables of something else */
export async function refuseUnlessEmpty(read: Read): Promise<void> {
  const names = (await readTables(read)).map(({ name }) => name)
  if (names.length > 0 && (await schemaOf(read)) === undefined) {
    throw new ConfigError(`The database has tables that are not Atrium's: ${some(names)}. Give it one that is empty.`)
  }
  const filled = await filledTables(read)
  if (filled.length > 0) throw new ConfigError(`The database already has content of an Atrium (${some(filled)}). Give it one that is empty.`)
}

async function filledTables(read: Read): Promise<string[]> {
  const filled: string[] = []
  for (const { name } of await readTables(read)) {
    const [row] = await read(sql`select exists (select from public.${sql.identifier(name)}) as filled`)
    if (row?.filled === true) filled.push(name)
  }
  return filled
}

const some = (names: string[]) => names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '')
