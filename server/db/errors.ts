import type { ErrorFields } from './embedded-protocol.ts'

/** An error of the embedded database, with the fields that Postgres gives. */
export class DatabaseError extends Error {
  readonly code: string | undefined
  readonly constraint: string | undefined
  readonly detail: string | undefined
  readonly table: string | undefined
  readonly column: string | undefined
  constructor({ message, code, constraint, detail, table, column }: ErrorFields) {
    super(message)
    this.name = 'DatabaseError'
    this.code = code
    this.constraint = constraint
    this.detail = detail
    this.table = table
    this.column = column
  }
}

/** The Postgres error inside whatever a query threw (Drizzle wraps it), with its SQLSTATE. */
export function postgresError(thrown: unknown): { code: string; constraint: string | undefined; message: string } | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const { code, constraint, constraint_name: name } = error as Error & { code?: unknown; constraint?: string; constraint_name?: string }
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return { code, constraint: constraint ?? name, message: error.message }
  }
  return undefined
}

/** The name of the constraint that a row would have broken by being there twice; undefined for any other error. */
export function uniqueViolation(thrown: unknown): string | undefined {
  const error = postgresError(thrown)
  return error?.code === '23505' ? (error.constraint ?? 'unknown') : undefined
}

/** A row that this one refers to is not there (any more). */
export const isForeignKeyViolation = (thrown: unknown): boolean => postgresError(thrown)?.code === '23503'

/** What drivers and Postgres say when they cannot serve now, and what that means. The first that matches counts. */
const troubles: readonly (readonly [codes: RegExp, sentence: string])[] = [
  [/^25006$/, 'The database takes no writes: it is read-only.'],
  [/^53100$/, 'The database has no space left on its disk.'],
  [/^58030$/, 'The database cannot read or write its disk.'],
  [/^53300$/, 'The database has too many connections.'],
  [/^25P03$/, 'This server did not hear of the database for a while.'],
  [/^57P0[1-3]$/, 'The database is starting or stopping.'],
  [/^(?:28000|28P01|3D000)$/, 'The database does not let this server in.'],
  [
    /^(?:ECONN\w+|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|CONNECTION_\w+|CONNECT_TIMEOUT|08[0-9A-Z]{3})$/,
    'The database does not answer.',
  ],
]

/** Marks an error that a driver throws outside of a query, as when a transaction cannot begin, as one of the database. */
export const failedQuery = (what: string, cause: unknown): Error => new Error(`Failed query: ${what}`, { cause })

/** Why a query failed when the database cannot serve it now, in a sentence; the same query may work later. Undefined for any other error. */
export function databaseTrouble(thrown: unknown): string | undefined {
  let ofQuery = false
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const { code } = error as Error & { code?: unknown }
    ofQuery ||= error.message.startsWith('Failed query:') || error.name === 'PostgresError'
    const trouble = typeof code === 'string' ? troubles.find(([codes]) => codes.test(code)) : undefined
    // Only the driver of Postgres has codes with these first words; the others are also those of a service or a sandbox.
    if (trouble && (ofQuery || String(code).startsWith('CONNECT'))) return trouble[1]
  }
  return undefined
}

/** A query failed because the database cannot serve it now; the same query may work later. */
export const isDatabaseAway = (thrown: unknown): boolean => databaseTrouble(thrown) !== undefined
