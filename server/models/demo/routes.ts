import { createHash, timingSafeEqual } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { AppError } from '#shared/base/errors.ts'
import { readBody } from '../../http/serve.ts'
import { answer } from './answer.ts'
import type { PlannedFailure } from './intent.ts'
import { createFailures } from './failures.ts'
import { demoModels } from './models.ts'
import { planStream, replyMessage, usageOf } from './stream-plan.ts'
import { WireRequest, sseDone, sseLine, usageChunk, wireChunk, wireError } from './wire.ts'

const maxRequestBytes = 32 * 1024 * 1024

/** How fast it speaks: one piece of a few words every `everyMs`; what is said slowly, so many times slower. 0 is at once. */
export type Pace = { everyMs: number }

/**
 * The demo model: an OpenAI-compatible endpoint, deterministic, that the server calls like any other.
 * @param key what callers must send as their key
 */
export function demoModel({ key, pace = { everyMs: 25 } }: { key: string; pace?: Pace }): Hono {
  const app = new Hono()
  const failures = createFailures()
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = digest(`Bearer ${key}`)

  app.use('*', async (context, next) => {
    if (timingSafeEqual(digest(context.req.header('authorization') ?? ''), expected)) return next()
    return context.json(wireError('This endpoint belongs to the server that hosts it.', 'invalid_request_error', 'invalid_api_key'), 401)
  })
  app.get('/models', (context) =>
    context.json({ object: 'list', data: demoModels.map(({ id, name }) => ({ id, object: 'model', created: 0, owned_by: 'atrium', name })) }),
  )
  app.post('/chat/completions', async (context) => {
    const request = await readRequest(context)
    if (request instanceof Response) return request
    const { conversation, reply: whole } = answer(request)
    const reply = demoModels.find(({ id }) => id === request.model)?.speaks(whole) ?? whole
    if (reply.fail && failures.shouldFail(request, reply.fail)) return refuse(context, reply.fail)
    const head = { id: `chatcmpl-demo-${conversation.nextCall}`, model: request.model, created: Math.floor(Date.now() / 1000) }
    const usage = usageOf(request, reply)
    if (!request.stream) {
      const { message, finish } = replyMessage(reply, conversation.nextCall)
      return context.json({ ...head, object: 'chat.completion', choices: [{ index: 0, message, finish_reason: finish }], usage })
    }
    async function* lines() {
      const { deltas, finish } = planStream(reply, conversation.nextCall)
      let first = true
      for (const delta of deltas) {
        if (!first && pace.everyMs > 0) await sleep(pace.everyMs * (reply.slowness ?? 1))
        first = false
        yield sseLine(wireChunk(head, delta))
      }
      if (reply.breaks) {
        yield sseLine(wireError('The stream broke, as you asked.', 'server_error'))
        return
      }
      yield sseLine(wireChunk(head, {}, finish))
      if (request instanceof Response || request.stream_options?.include_usage) yield sseLine(usageChunk(head, usage))
      yield sseDone
    }
    return new Response(toStream(lines()), { headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' } })
  })
  return app
}

async function readRequest(context: Context): Promise<WireRequest | Response> {
  const refused = (message: string, code: string | null, status: 400 | 404 | 413) =>
    context.json(wireError(message, 'invalid_request_error', code), status)
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(await readBody(context.req.raw, maxRequestBytes)))
    const parsed = WireRequest.safeParse(body)
    if (!parsed.success) return refused(`${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`, null, 400)
    if (!demoModels.some(({ id }) => id === parsed.data.model))
      return refused(
        `The model "${parsed.data.model.slice(0, 100)}" does not exist here; there is ${demoModels.map(({ id }) => id).join(' and ')}.`,
        'model_not_found',
        404,
      )
    return parsed.data
  } catch (error) {
    if (error instanceof AppError) return refused(error.message, 'context_length_exceeded', 413)
    return refused('The body is not JSON.', null, 400)
  }
}

function refuse(context: Context, failure: PlannedFailure): Response {
  if (failure.retryAfterS !== undefined) context.header('retry-after', String(failure.retryAfterS))
  return context.json(wireError(failure.message, failure.type, failure.code), failure.status as 400)
}

/** Stops the generator when the reader leaves. */
function toStream(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      try {
        const next = await lines.next()
        if (next.done) controller.close()
        else controller.enqueue(encoder.encode(next.value))
      } catch (error) {
        controller.error(error)
      }
    },
    async cancel() {
      await lines.return(undefined)
    },
  })
}
