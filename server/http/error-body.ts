import { randomUUID } from 'node:crypto'
import type { ErrorCode } from '#shared/base/errors.ts'

/** The one form of an error, for what the app was never given. */
export const errorBody = (code: ErrorCode, message: string): string => JSON.stringify({ error: { code, message, requestId: randomUUID() } })
