import { cutAfter } from '#shared/base/cut.ts'
import { APIError, OpenAIError } from 'openai'
import { ModelError } from './errors.ts'
import type { ModelErrorCode } from './errors.ts'

/** What went wrong with one attempt: whether another may help, and what to say when it is over. */
export type Failure = { retry: boolean; reason: string; error: ModelError; /** As the server asked. */ waitMs?: number }

/** How to speak about the place: never a key, never what stands before an @ in an address. */
export type Place = { model: string; baseUrl: string; apiKey: string | undefined; stalledAfterMs?: number }

const failure = (retry: boolean, code: ModelErrorCode, reason: string, message: string, cause?: unknown): Failure => ({
  retry,
  reason,
  error: new ModelError(code, message, cause === undefined ? undefined : { cause }),
})

/** Explains anything thrown by one attempt. */
export function explainFailure(raised: unknown, place: Place): Failure {
  const thrown = modelErrorIn(raised) ?? raised
  if (thrown instanceof ModelError)
    return { retry: thrown.code === 'cut_off', reason: thrown.code === 'cut_off' ? 'the answer ended early' : thrown.message, error: thrown }
  if (place.stalledAfterMs !== undefined) {
    const seconds = Math.round(place.stalledAfterMs / 1000)
    const reason = `no data for ${seconds} s`
    return failure(
      true,
      'unreachable',
      reason,
      `The model service at ${host(place)} sent nothing for ${seconds} s. Try again or choose another model.`,
    )
  }
  if (thrown instanceof APIError && thrown.status !== undefined) return explainStatus(thrown, thrown.status, place)
  if (thrown instanceof APIError && thrown.error !== undefined) return explainInStream(thrown, place)
  if (thrown instanceof SyntaxError) {
    return failure(
      false,
      'bad_answer',
      'unreadable answer',
      `The model service at ${host(place)} did not send JSON. Check that it is OpenAI-compatible.`,
    )
  }
  if (thrown instanceof OpenAIError || thrown instanceof Error) return explainConnection(thrown, place)
  return failure(false, 'bad_answer', 'unreadable answer', `The model service at ${host(place)} sent an unreadable answer.`)
}

/** The SDK wraps what a fetch throws. */
function modelErrorIn(thrown: unknown): ModelError | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) if (error instanceof ModelError) return error
  return undefined
}

function explainConnection(thrown: Error, place: Place): Failure {
  const code = rootCode(thrown)
  const why = sayConnection[code] ?? 'the connection was lost'
  const message = `The model service at ${host(place)} could not be reached: ${why}. Check OPENAI_BASE_URL and the network.`
  return failure(true, 'unreachable', why, message, new Error(code || 'connection failed'))
}

const sayConnection: Record<string, string> = {
  ECONNREFUSED: 'nothing is listening there',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name lookup failed',
  ECONNRESET: 'the connection was reset',
  UND_ERR_SOCKET: 'the connection was closed',
  UND_ERR_CONNECT_TIMEOUT: 'connecting timed out',
  ETIMEDOUT: 'connecting timed out',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted',
}

function rootCode(thrown: unknown): string {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const code = (error as { code?: unknown }).code
    if (typeof code === 'string') return code
    if (error instanceof AggregateError && error.errors.length > 0) return rootCode(error.errors[0])
  }
  return ''
}

/** An error event inside a stream: a status may hide in its code. */
function explainInStream(error: APIError, place: Place): Failure {
  const body = (error.error ?? {}) as { code?: unknown; status?: unknown }
  const status = [body.code, body.status].map(Number).find((number) => number >= 400 && number < 600)
  if (status !== undefined) return explainStatus(error, status, place)
  const said = quote(error, place)
  if (contextTooLong.test(said)) return tooLong(place, said)
  const passing = /overload|rate.?limit|server_?error|internal|timeout|unavailable|capacity/i.test(`${error.type ?? ''} ${error.code ?? ''} ${said}`)
  return failure(passing, passing ? 'unreachable' : 'refused', 'an error was reported', `The model service reported an error: ${said}`)
}

const contextTooLong =
  /context.{0,12}(length|window|limit)|maximum context|prompt is too long|too many (input )?tokens|reduce the length|input.{0,20}too long/i
const unknownModel = /model[^.]{0,120}(not found|does ?n.t exist|does not exist|unknown|not supported|invalid)|(unknown|invalid|no such) model/i

function explainStatus(error: APIError, status: number, place: Place): Failure {
  const said = quote(error, place)
  const code = error.code ?? ''
  if (code === 'insufficient_quota' || status === 402) {
    return failure(false, 'rate_limited', 'no credit', 'The model service account is out of credit. Add credit or use another key.')
  }
  if (status === 429) {
    const limit = failure(
      true,
      'rate_limited',
      'too many requests, 429',
      `The model service limits how often it can be called (429). Try again later. It said: ${said}`,
    )
    return withWait(limit, error)
  }
  if (status === 408 || status >= 500) {
    const reason = `server error ${status}`
    return withWait(failure(true, 'unreachable', reason, `The model service at ${host(place)} keeps failing (${status}): ${said}`), error)
  }
  if (status === 401) {
    return failure(false, 'bad_key', 'bad key', `The model service at ${host(place)} refused the key (401). Check OPENAI_API_KEY and restart.`)
  }
  if (status === 413 || code === 'context_length_exceeded' || contextTooLong.test(said)) return tooLong(place, said)
  if (code === 'model_not_found' || (status === 404 && error.error !== undefined) || (status < 404 && unknownModel.test(said))) {
    return failure(
      false,
      'unknown_model',
      'unknown model',
      `The model service has no model "${place.model}". Choose another model, or set ATRIUM_MODEL to one it offers. It said: ${said}`,
    )
  }
  if (status === 404) {
    return failure(
      false,
      'unknown_model',
      'nothing there',
      `No model API was found at ${host(place)} (404). Check OPENAI_BASE_URL; it usually ends in /v1.`,
    )
  }
  if (status === 403) {
    return failure(false, 'bad_key', 'not allowed', `The model service does not allow this key to use "${place.model}" (403): ${said}`)
  }
  return failure(false, 'refused', 'refused', `The model service refused the request (${status}): ${said}`)
}

const tooLong = (place: Place, said: string) =>
  failure(
    false,
    'context_too_long',
    'context too long',
    `The conversation is too long for "${place.model}". Start a new session, or use a model with a larger context. It said: ${said}`,
  )

function withWait(result: Failure, error: APIError): Failure {
  const waitMs = retryAfterMs(error.headers)
  return waitMs === undefined ? result : { ...result, waitMs }
}

/** `retry-after-ms`, or `Retry-After` in seconds or as a date. */
export function retryAfterMs(headers: Headers | undefined, now = Date.now()): number | undefined {
  const ms = Number.parseFloat(headers?.get('retry-after-ms') ?? '')
  if (Number.isFinite(ms)) return Math.max(0, ms)
  const text = headers?.get('retry-after')
  if (!text) return undefined
  const seconds = Number(text)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** What the server said, short and without anything that looks like a key. */
function quote(error: APIError, place: Place): string {
  const body = error.error as { message?: unknown } | undefined
  const text = typeof body?.message === 'string' ? body.message : error.message
  return cutAfter(redact(text, place.apiKey).replace(/\s+/g, ' ').trim(), 300)
}

export function redact(text: string, apiKey: string | undefined): string {
  const known = apiKey && apiKey.length > 3 ? text.replaceAll(apiKey, '[key]') : text
  return known.replace(/\b(?:sk|pk|rk|key|gsk|xai)[-_][\w*.-]{4,}/gi, '[key]').replace(/\bBearer\s+\S+/gi, '[key]')
}

function host(place: Place): string {
  try {
    return new URL(place.baseUrl).host
  } catch {
    return 'that address'
  }
}
