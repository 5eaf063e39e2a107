import { setTimeout as sleep } from 'node:timers/promises'
import OpenAI, { APIError } from 'openai'
import type { Logger } from '../base/logger.ts'
import { Chunk } from './chunk.ts'
import { createAnswer } from './answer.ts'
import { newBoundary } from './boundary/marks.ts'
import { createUnmarked } from './boundary/unmarked.ts'
import { explainFailure } from './failure.ts'
import type { Failure } from './failure.ts'
import { ModelError } from './errors.ts'
import type { Model, ModelEvent, ModelRequest } from './port.ts'
import { createWants } from './wants.ts'
import { createStallTimer, watchedFetch } from './watched-fetch.ts'
import { guessTokens, toWire } from './wire-request.ts'
import type { Dialect } from './wire-request.ts'

export type ModelOptions = {
  /** Absent for servers that want none. */
  apiKey?: string | undefined
  /** Read at each call: the server's own endpoint has no address before it listens. */
  baseUrl?: string | (() => string) | undefined
  log: Logger
  /** Attempts in all, the first wait, and the longest wait (also the longest Retry-After that is honoured), ms. */
  retry?: { attempts: number; firstMs: number; longestMs: number }
  /** Silence after which an attempt is given up, ms. Long: some models think for minutes without a word. */
  stallMs?: number
}

type Attempt = { boundary: string; started: boolean; stalled: boolean }

const defaultRetry = { attempts: 5, firstMs: 500, longestMs: 60_000 }
export const openaiUrl = 'https://api.openai.com/v1'

/** A model behind any OpenAI-compatible endpoint (Chat Completions, streamed). See `port.ts` for what it promises. */
export function createModel(options: ModelOptions): Model {
  const { apiKey, log, retry = defaultRetry, stallMs = 240_000 } = options
  const baseUrl = () => (typeof options.baseUrl === 'function' ? options.baseUrl() : (options.baseUrl ?? openaiUrl))
  const dialect: Dialect = { streamOptions: true, pictures: true, maxTokens: 'max_tokens' }
  const wants = createWants()

  async function* attemptOnce(request: ModelRequest, signal: AbortSignal, state: Attempt): AsyncGenerator<ModelEvent> {
    const abort = new AbortController()
    const stop = () => abort.abort(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    const stall = createStallTimer(stallMs, () => {
      state.stalled = true
      abort.abort(new Error('stalled'))
    })
    let finished = false
    try {
      signal.throwIfAborted()
      const client = new OpenAI({
        apiKey: apiKey ?? 'none',
        baseURL: baseUrl(),
        organization: null,
        project: null,
        maxRetries: 0,
        timeout: 24 * 3_600_000,
        logLevel: 'off',
        fetch: watchedFetch(() => stall.heard()),
      })
      const service = hostOf(baseUrl())
      const wire = toWire(request, dialect, { service, wants: wants.of(request.model), boundary: state.boundary })
      const chunks = await stall.during(client.chat.completions.create(wire, { signal: abort.signal }))
      const answer = createAnswer(() => guessTokens(JSON.stringify(request.messages).length), { model: request.model, service })
      const unmarked = createUnmarked(state.boundary)
      const reader = chunks[Symbol.asyncIterator]()
      for (;;) {
        const next = await stall.during(reader.next())
        // An aborted stream ends without a word.
        signal.throwIfAborted()
        if (abort.signal.aborted) throw abort.signal.reason
        if (next.done) break
        const chunk = Chunk.safeParse(next.value)
        if (!chunk.success) throw new ModelError('bad_answer', 'The model service sent data that does not follow the protocol.')
        for (const event of unmarked(answer.take(chunk.data))) {
          state.started = true
          yield event
        }
      }
      finished = true
      for (const event of unmarked(answer.end())) {
        state.started ||= event.type !== 'usage' && event.type !== 'details' && event.type !== 'done'
        yield event
      }
    } finally {
      signal.removeEventListener('abort', stop)
      if (!finished) abort.abort(new Error('over'))
    }
  }

  /** Drops what the server said it does not know, and adds what it asks for. Whether there was anything to change. */
  const adapt = (thrown: unknown, model: string): boolean => {
    if (!(thrown instanceof APIError) || (thrown.status !== 400 && thrown.status !== 422)) return false
    const said = `${thrown.message} ${thrown.param ?? ''}`
    if (wants.learn(model, said)) return true
    if (dialect.streamOptions && /stream_options|include_usage/.test(said)) {
      dialect.streamOptions = false
      return true
    }
    if (dialect.pictures && /image|vision|multimodal|content part|content must be a string/i.test(said)) {
      dialect.pictures = false
      return true
    }
    if (dialect.maxTokens === 'max_tokens' && said.includes('max_completion_tokens')) {
      dialect.maxTokens = 'max_completion_tokens'
      return true
    }
    return false
  }

  async function* stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    // Attempts are one request: nothing that could be written with knowledge of its boundary is part of it.
    const boundary = newBoundary()
    for (let attempt = 1; ;) {
      const state: Attempt = { boundary, started: false, stalled: false }
      try {
        yield* attemptOnce(request, signal, state)
        return
      } catch (thrown) {
        signal.throwIfAborted()
        if (!state.started && adapt(thrown, request.model)) continue
        const place = { model: request.model, baseUrl: baseUrl(), apiKey, ...(state.stalled && { stalledAfterMs: stallMs }) }
        const failure = explainFailure(thrown, place)
        if (state.started) throw failure.retry ? cutOff(failure) : failure.error
        const inMs = waitBefore(attempt, failure, retry)
        if (!failure.retry || attempt >= retry.attempts || inMs > retry.longestMs) {
          log.warn({ code: failure.error.code, attempt }, 'model call failed')
          throw failure.error
        }
        log.info({ attempt, inMs, reason: failure.reason }, 'model call is tried again')
        yield { type: 'retry', attempt, inMs, reason: failure.reason }
        await wait(inMs, signal)
        attempt++
      }
    }
  }

  return { stream }
}

/** The service that an address belongs to; the address itself where it is none. */
function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl
}

const cutOff = (failure: Failure) => new ModelError('cut_off', `The model's answer was cut off: ${failure.reason}.`, { cause: failure.error })

/** Doubles each time, with a quarter of chance, so that rooms do not come back all at once. */
function waitBefore(attempt: number, failure: Failure, retry: { firstMs: number; longestMs: number }): number {
  if (failure.waitMs !== undefined) return Math.round(failure.waitMs)
  const base = Math.min(retry.longestMs, retry.firstMs * 2 ** (attempt - 1))
  return Math.round(base * (0.75 + Math.random() * 0.25))
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}
