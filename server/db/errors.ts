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

/** What drivers and Postgres say when it cannot be reached, is starting, stopping, or full. */
const away = /^(?:ECONN\w+|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|CONNECTION_\w+|CONNECT_TIMEOUT|57P0[1-3]|08[0-9A-Z]{3}|53300)$/

/** A query failed because the database is not there now; the same query may work later. */
export function isDatabaseAway(thrown: unknown): boolean {
  let ofQuery = false
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const { code } = error as Error & { code?: unknown }
    ofQuery ||= error.message.startsWith('Failed query:') || error.name === 'PostgresError'
    // Only the driver of Postgres has codes with these first words: a transaction that cannot begin is no failed query.
    if (typeof code === 'string' && away.test(code) && (ofQuery || code.startsWith('CONNECT'))) return true
  }
  return false
}
