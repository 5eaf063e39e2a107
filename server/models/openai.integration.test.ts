import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { callsOf, collect, hello, secret, startConversation, textOf } from '../testing/model-conversation.ts'
import { calls, says } from '../testing/scripted-model.ts'
import type { ScriptedReply } from '../testing/scripted-model.ts'
import { ModelError } from './errors.ts'
import type { ModelEvent } from './port.ts'

let talk: Awaited<ReturnType<typeof startConversation>>
beforeEach(async () => {
  talk = await startConversation()
})
afterEach(() => talk.stop())

/** Ends the body as HTTP wants it, saying no more. */
const endCleanly = (reply: ScriptedReply) => reply.close()

describe('an answer', () => {
  test('arrives piece by piece, while it is being made', async () => {
    const events = talk.model().stream(hello, new AbortController().signal)[Symbol.asyncIterator]()
    const first = events.next()
    const reply = await talk.service.nextRequest()
    reply.delta('Hel')
    expect((await first).value).toEqual({ type: 'text', text: 'Hel' })
    const second = events.next()
    reply.delta('lo')
    expect((await second).value).toEqual({ type: 'text', text: 'lo' })
    reply.usage(120, 7).finish()
    expect((await events.next()).value).toEqual({ type: 'usage', inputTokens: 120, outputTokens: 7 })
    expect((await events.next()).value).toEqual({ type: 'done', finish: 'stop' })
    expect((await events.next()).done).toBe(true)
  })

  test('is asked for with the names of people, the tools and the key', async () => {
    talk.service.queue(says('Hi'))
    await talk.ask()
    const [request] = talk.service.requests
    expect(request?.raw).toMatchObject({
      model: 'gpt-test',
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: 'system', content: expect.stringMatching(/^Be kind\.\n\n/) },
        { role: 'user', content: expect.stringMatching(/^<said-\w{21} by="Tomás">\nHello\n<\/said-\w{21}>$/) },
      ],
      tools: [{ type: 'function', function: { name: 'read_file', parameters: { type: 'object' } } }],
    })
    expect(request?.headers.authorization).toBe(`Bearer ${secret}`)
  })

  test('may hold parallel calls and reasoning', async () => {
    talk.service.queue((reply) =>
      reply.reasoning('Hm.').toolCall('read_file', { path: 'a' }, 'c1').toolCall('read_file', '{"pa', 'c2').toolCallChunk('th":"b"}').finish(),
    )
    const events = await talk.ask()
    expect(events[0]).toEqual({ type: 'reasoning', text: 'Hm.' })
    expect(callsOf(events)).toEqual([
      { id: 'c1', name: 'read_file', args: '{"path":"a"}' },
      { id: 'c2', name: 'read_file', args: '{"path":"b"}' },
    ])
    expect(events.at(-1)).toEqual({ type: 'done', finish: 'tool_calls' })
  })

  test('keeps its connection for the next', async () => {
    talk.service.answer(says('Hi'))
    const patient = talk.model()
    for (let call = 0; call < 6; call++) await collect(patient.stream(hello, new AbortController().signal))
    // A call made in the very moment in which the last one ends may open a second one.
    expect(talk.service.connections()).toBeLessThanOrEqual(2)
  })
})

describe('trouble', () => {
  const codeOf = async (run: Promise<unknown>): Promise<ModelError> => {
    const error = await run.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(ModelError)
    return error as ModelError
  }

  test('that passes is waited for, visibly, as long as the server says', async () => {
    talk.service.queue(
      (reply) => reply.fail(429, undefined, { 'retry-after-ms': '20' }),
      (reply) => reply.fail(503),
      (reply) => reply.drop(),
      says('At last'),
    )
    const events = await talk.ask()
    expect(events.filter((event) => event.type === 'retry')).toEqual([
      { type: 'retry', attempt: 1, inMs: 20, reason: 'too many requests, 429' },
      { type: 'retry', attempt: 2, inMs: expect.any(Number), reason: 'server error 503' },
      { type: 'retry', attempt: 3, inMs: expect.any(Number), reason: expect.stringMatching(/connection/) },
    ])
    expect(textOf(events)).toBe('At last')
  })

  test('that does not pass ends in a sentence', async () => {
    talk.service.answer((reply) => reply.fail(429))
    expect(await codeOf(talk.ask())).toMatchObject({ code: 'rate_limited', message: expect.stringMatching(/how often it can be called/) })
    expect(talk.service.requests).toHaveLength(4)
  })

  test('that would last too long is not waited for', async () => {
    talk.service.answer((reply) => reply.fail(429, undefined, { 'retry-after': '3600' }))
    expect(await codeOf(talk.ask())).toMatchObject({ code: 'rate_limited' })
    expect(talk.service.requests).toHaveLength(1)
  })

  test.each<[string, number, unknown, string, RegExp]>([
    ['a bad key', 401, { error: { message: `Incorrect API key provided: ${secret}`, code: 'invalid_api_key' } }, 'bad_key', /OPENAI_API_KEY/],
    ['a key that may not', 403, { error: { message: 'No access to this model' } }, 'bad_key', /gpt-test/],
    [
      'an unknown model',
      404,
      { error: { message: 'The model `gpt-test` does not exist', code: 'model_not_found' } },
      'unknown_model',
      /ATRIUM_MODEL/,
    ],
    ['a wrong address', 404, '<html>not here</html>', 'unknown_model', /OPENAI_BASE_URL/],
    [
      'too long a context',
      400,
      { error: { message: "This model's maximum context length is 8192 tokens", code: 'context_length_exceeded' } },
      'context_too_long',
      /too long for/,
    ],
    ['too large a body', 413, 'too large', 'context_too_long', /too long for/],
    ['an empty account', 429, { error: { message: 'You exceeded your quota', code: 'insufficient_quota' } }, 'rate_limited', /credit/],
    ['a request it will not have', 400, { error: { message: `tools are wrong for ${secret}` } }, 'refused', /tools are wrong for \[key\]/],
  ])('of %s is final', async (_, status, body, code, message) => {
    talk.service.answer((reply) => reply.fail(status, body))
    const error = await codeOf(talk.ask())
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
    expect(talk.service.requests).toHaveLength(1)
    expect(JSON.stringify([error.message, error.cause, error.stack, talk.logged])).not.toContain(secret)
  })

  test('in the middle of a text is a cut, and is not tried again', async () => {
    talk.service.answer((reply) => reply.delta('Half a').drop())
    const events: ModelEvent[] = []
    const error = await codeOf(
      (async () => {
        for await (const event of talk.model().stream(hello, new AbortController().signal)) events.push(event)
      })(),
    )
    expect(error.code).toBe('cut_off')
    expect(textOf(events)).toBe('Half a')
    expect(talk.service.requests).toHaveLength(1)
  })

  test('in the middle of a tool call is a cut, however politely the server hangs up', async () => {
    talk.service.answer((reply) => endCleanly(reply.toolCall('write_file', '{"path":"a","content":"hal')))
    expect(await codeOf(talk.ask())).toMatchObject({ code: 'cut_off' })
  })

  test('reported inside the stream is retried before the first word, and a cut after it', async () => {
    talk.service.queue((reply) => endCleanly(reply.raw('data: {"error":{"message":"Overloaded","type":"overloaded_error"}}\n\n')), says('Better'))
    expect(textOf(await talk.ask())).toBe('Better')
    talk.service.queue((reply) => endCleanly(reply.delta('Well').raw('data: {"error":{"message":"Overloaded","type":"overloaded_error"}}\n\n')))
    expect(await codeOf(talk.ask())).toMatchObject({ code: 'cut_off' })
  })

  test('of silence is noticed; comments count as life', async () => {
    talk.service.queue((reply) => void reply.raw(': hello\n\n'), says('Awake'))
    const events = await talk.ask({ stallMs: 60 })
    expect(events[0]).toMatchObject({ type: 'retry', reason: expect.stringMatching(/no data for/) })
    expect(textOf(events)).toBe('Awake')
    talk.service.queue(async (reply) => {
      for (let beat = 0; beat < 8; beat++) {
        reply.raw(':\n\n')
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
      reply.delta('Slow').finish()
    })
    expect(textOf(await talk.ask({ stallMs: 150 }))).toBe('Slow')
  })

  test('of silence after text is a cut', async () => {
    talk.service.queue((reply) => void reply.delta('Well'))
    expect(await codeOf(talk.ask({ stallMs: 60 }))).toMatchObject({ code: 'cut_off' })
  })

  test('of garbage is a bad answer', async () => {
    talk.service.answer((reply) => endCleanly(reply.raw('data: {"choices": nonsense\n\n')))
    expect(await codeOf(talk.ask())).toMatchObject({ code: 'bad_answer' })
    talk.service.answer((reply) => endCleanly(reply.raw('data: "text"\n\n')))
    expect(await codeOf(talk.ask())).toMatchObject({ code: 'bad_answer' })
  })

  test('of a web page, or of JSON that is none, is a bad answer at once', async () => {
    talk.service.answer((reply) => reply.fail(200, '<h1>Welcome</h1>', { 'content-type': 'text/html; charset=utf-8' }))
    expect(await codeOf(talk.ask())).toMatchObject({ code: 'bad_answer', message: expect.stringMatching(/web page.*\/v1/) })
    talk.service.answer((reply) => reply.fail(200, '{"choices":\n[nonsense'))
    expect(await codeOf(talk.ask())).toMatchObject({ code: 'bad_answer' })
    expect(talk.service.requests).toHaveLength(2)
  })

  test('of an empty answer is tried again, then told', async () => {
    talk.service.answer((reply) => endCleanly(reply.raw('data: [DONE]\n\n')))
    expect(await codeOf(talk.ask())).toMatchObject({ code: 'cut_off' })
    expect(talk.service.requests).toHaveLength(4)
  })

  test('of nobody there names the host and no more', async () => {
    const { url } = talk.service
    await talk.service.stop()
    const error = await codeOf(talk.ask({ baseUrl: url.replace('http://', 'http://ada:hidden@') }))
    expect(error).toMatchObject({ code: 'unreachable', message: expect.stringMatching(/127\.0\.0\.1/) })
    expect(JSON.stringify([error.message, String(error.cause), talk.logged])).not.toContain('hidden')
    expect(await codeOf(talk.ask({ baseUrl: url }))).toMatchObject({ code: 'unreachable', message: expect.stringMatching(/nothing is listening/) })
  })
})

describe('a stop', () => {
  test('ends the call at once, at the server too', async () => {
    const abort = new AbortController()
    const events: ModelEvent[] = []
    const run = (async () => {
      for await (const event of talk.model().stream(hello, abort.signal)) {
        events.push(event)
        abort.abort(new Error('Mei said stop'))
      }
    })()
    const reply = await talk.service.nextRequest()
    reply.delta('I beg')
    await expect(run).rejects.toThrow('Mei said stop')
    await reply.request.aborted
    expect(textOf(events)).toBe('I beg')
  })

  test('ends a wait before a retry, and a call not yet begun', async () => {
    talk.service.answer((reply) => reply.fail(429, undefined, { 'retry-after': '30' }))
    const abort = new AbortController()
    const patient = talk.model({ retry: { attempts: 3, firstMs: 1, longestMs: 60_000 } })
    const run = (async () => {
      for await (const event of patient.stream(hello, abort.signal)) if (event.type === 'retry') abort.abort(new Error('Ada left'))
    })()
    await expect(run).rejects.toThrow('Ada left')
    await expect(collect(patient.stream(hello, abort.signal))).rejects.toThrow('Ada left')
    expect(talk.service.requests).toHaveLength(1)
  })

  test('by leaving the loop closes the call', async () => {
    const run = (async () => {
      for await (const event of talk.model().stream(hello, new AbortController().signal)) if (event.type === 'text') break
    })()
    const reply = await talk.service.nextRequest()
    reply.delta('I beg')
    await run
    expect(await reply.request.aborted).toBeUndefined()
  })
})

test('calls() scripts several calls', async () => {
  talk.service.queue(calls(['list_files', {}], ['read_file', { path: 'a.md' }]))
  expect(callsOf(await talk.ask()).map((call) => call.name)).toEqual(['list_files', 'read_file'])
})
