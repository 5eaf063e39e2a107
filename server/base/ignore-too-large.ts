import { AppError } from '#shared/base/errors.ts'

/** For `catch`: what is too large, or has no room, is left out, and what it belongs to goes on. @throws anything else */
export function ignoreTooLarge(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'too_large') return undefined
  throw error
}
