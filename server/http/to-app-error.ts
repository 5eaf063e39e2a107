import { AppError, asAppError } from '#shared/base/errors.ts'
import { databaseTrouble, postgresError } from '../db/errors.ts'

/** How soon a database that is away may be back. */
const retryAfterS = 5

/** Anything thrown. Text with a NUL passes every schema and no Postgres: the sender's mistake. A database that is away is nobody's. */
export function toAppError(thrown: unknown): AppError {
  const trouble = databaseTrouble(thrown)
  if (trouble !== undefined) return new AppError('unavailable', trouble, { cause: thrown, retryAfterS })
  const code = postgresError(thrown)?.code
  if (code === '22021' || code === '22P05') return new AppError('invalid_input', 'Text cannot contain the NUL character.', { cause: thrown })
  return asAppError(thrown)
}
