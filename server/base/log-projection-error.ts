import { AppError } from '#shared/base/errors.ts'
import type { Logger } from './logger.ts'

/**
 * Logs that a document was not brought up to date. What was committed stays committed and the next load shows it, so that the
 * server is stopping is not worth a warning.
 */
export function logProjectionError(log: Logger, fields: Record<string, unknown>, error: unknown, message: string): void {
  const expected = error instanceof AppError && error.code === 'unavailable'
  log[expected ? 'debug' : 'warn']({ ...fields, err: error }, message)
}
