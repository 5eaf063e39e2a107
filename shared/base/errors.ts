/** Every code an API answer, a close frame or a tool result may carry, with the HTTP status it maps to. */
export const errorStatus = {
  invalid_input: 400,
  unauthenticated: 401,
  wrong_credentials: 401,
  forbidden: 403,
  wrong_origin: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  gone: 410,
  too_large: 413,
  unsupported_media: 415,
  misdirected: 421,
  outdated: 426,
  rate_limited: 429,
  internal: 500,
  not_implemented: 501,
  sandbox_failed: 502,
  model_failed: 502,
  unavailable: 503,
} as const

export type ErrorCode = keyof typeof errorStatus

/** The one error class. `message` is shown to people; `cause` stays in the log. */
export class AppError extends Error {
  readonly code: ErrorCode
  /** Seconds after which a retry may succeed; sent as `Retry-After`. */
  readonly retryAfterS?: number

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryAfterS?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    if (options.retryAfterS !== undefined) this.retryAfterS = options.retryAfterS
  }
}

/** Anything thrown, as an AppError: an unknown error becomes `internal` and keeps itself as the cause. */
export function asAppError(thrown: unknown): AppError {
  return thrown instanceof AppError ? thrown : new AppError('internal', 'Something went wrong on the server.', { cause: thrown })
}
