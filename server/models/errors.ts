export type ModelErrorCode = 'bad_key' | 'unknown_model' | 'context_too_long' | 'rate_limited' | 'refused' | 'bad_answer' | 'unreachable' | 'cut_off'

/** `message` is for people: what happened and what to do. Never holds a key. */
export class ModelError extends Error {
  readonly code: ModelErrorCode
  constructor(code: ModelErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'ModelError'
    this.code = code
  }
}
