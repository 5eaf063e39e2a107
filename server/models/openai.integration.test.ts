import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { calls, says, startScriptedModel } from '../testing/scripted-model.ts'
import type { ScriptedModel, ScriptedReply } from '../testing/scripted-model.ts'
import { createModel } from './openai.ts'
import type { ModelOptions } from './openai.ts'
import { ModelError } from './port.ts'
import type { ModelEvent, ModelRequest } from './port.ts'

const secret = 'sk-ada-very-secret-0123456789'
let service: ScriptedModel
let logged: string[]

beforeEach(async () => {
  service = await startScriptedModel()
  logged = []
})
afterEach(() => service.stop())

const model = (options: Partial<ModelOptions> = {}) =>
  createModel({
    apiKey: secret,
    baseUrl: service.url,
    log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    retry: { attempts: 4, firstMs: 1, longestMs: 50 },
    ...options,
  })

const hello: ModelRequest = {
  model: 'gpt-test',
  messages: [
    { role: 'system', text: 'Be kind.' },
    { role: 'user', name: 'Tomás', text: 'Hello' },
  ],
  tools: [{ name: 'read_file', description: 'Reads', parameters: { type: 'object' } }],
}

async function collect(stream: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const events: ModelEvent[] = []
  for await (const event of stream) events.push(event)
  return events
}
const ask = (options?: Partial<ModelOptions>, request = hello) => collect(model(options).stream(request, new AbortController().signal))
const textOf = (events: ModelEvent[]) => events.map((event) => (event.type === 'text' ? event.text : '')).join('')
const callsOf = (events: ModelEvent[]) => {
  const found = new Map<number, { id: string; name: string; args: string }>()
  for (const event of events) {
    if (event.type !== 'tool_call_chunk') continue
    const call = found.get(event.index)
    if (call) call.args += event.args
    else found.set(event.index, { id: event.id, name: event.name, args: event.args })
  }
  return [...found.values()]
}
/** Ends the body as HTTP wants it, saying no more. */
const endCleanly = (reply: ScriptedReply) => reply.close()

describe('an answer', () => {
  test('arrives piece by piece, while it is being made', async () => {
    const events = model().stream(hello, new AbortController().signal)[Symbol.asyncIterator]()
    const first = events.next()
    const reply = await service.nextRequest()
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
    service.queue(says('Hi'))
    await ask()
    const [request] = service.requests
    expect(request?.raw).toMatchObject({
      model: 'gpt-test',
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Tomás: Hello' },
      ],
      tools: [{ type: 'function', function: { name: 'read_file', parameters: { type: 'object' } } }],
    })
    expect(request?.headers.authorization).toBe(`Bearer ${secret}`)
  })

  test('may hold parallel calls and reasoning', async () => {
    service.queue((reply) =>
      reply.reasoning('Hm.').toolCall('read_file', { path: 'a' }, 'c1').toolCall('read_file', '{"pa', 'c2').toolCallChunk('th":"b"}').finish(),
    )
    const events = await ask()
    expect(events[0]).toEqual({ type: 'reasoning', text: 'Hm.' })
    expect(callsOf(events)).toEqual([
      { id: 'c1', name: 'read_file', args: '{"path":"a"}' },
      { id: 'c2', name: 'read_file', args: '{"path":"b"}' },
    ])
    expect(events.at(-1)).toEqual({ type: 'done', finish: 'tool_calls' })
  })

  test('keeps its connection for the next', async () => {
    service.answer(says('Hi'))
    const patient = model()
    for (let call = 0; call < 6; call++) await collect(patient.stream(hello, new AbortController().signal))
    // A call made in the very moment in which the last one ends may open a second one.
    expect(service.connections()).toBeLessThanOrEqual(2)
  })
})

describe('a lenient server', () => {
  const call = (fields: object) => ({ delta: { tool_calls: [fields] } })

  test.each<[string, unknown[], unknown]>([
    [
      'leaves indexes out',
      [
        call({ id: 'a', function: { name: 'x', arguments: '{"n":' } }),
        call({ function: { arguments: '1}' } }),
        call({ id: 'b', function: { name: 'y', arguments: '{}' } }),
      ],
      [
        { id: 'a', name: 'x', args: '{"n":1}' },
        { id: 'b', name: 'y', args: '{}' },
      ],
    ],
    [
      'numbers every call 0',
      [call({ index: 0, id: 'a', function: { name: 'x', arguments: '{}' } }), call({ index: 0, id: 'b', function: { name: 'y', arguments: '{}' } })],
      [
        { id: 'a', name: 'x', args: '{}' },
        { id: 'b', name: 'y', args: '{}' },
      ],
    ],
    [
      'repeats id and name',
      [
        call({ index: 0, id: 'a', function: { name: 'x', arguments: '{"n"' } }),
        call({ index: 0, id: 'a', function: { name: 'x', arguments: ':1}' } }),
      ],
      [{ id: 'a', name: 'x', args: '{"n":1}' }],
    ],
    [
      'sends a new id with every piece',
      [call({ index: 0, id: 'a', function: { name: 'x', arguments: '{"n"' } }), call({ index: 0, id: 'z', function: { arguments: ':1}' } })],
      [{ id: 'a', name: 'x', args: '{"n":1}' }],
    ],
    [
      'sends empty ids',
      [call({ index: 0, id: '', function: { name: 'x', arguments: '{}' } })],
      [{ id: expect.stringMatching(/^call_/), name: 'x', args: '{}' }],
    ],
    [
      'sends no ids and no indexes',
      [call({ function: { name: 'x', arguments: '{}' } }), call({ function: { name: 'y', arguments: '{}' } })],
      [
        { id: expect.any(String), name: 'x', args: '{}' },
        { id: expect.any(String), name: 'y', args: '{}' },
      ],
    ],
    [
      'gives arguments as an object',
      [call({ index: 0, id: 'a', function: { name: 'x', arguments: { n: 1 } } })],
      [{ id: 'a', name: 'x', args: '{"n":1}' }],
    ],
    [
      'gives two calls the same id',
      [call({ index: 0, id: 'a', function: { name: 'x', arguments: '{}' } }), call({ index: 1, id: 'a', function: { name: 'y', arguments: '{}' } })],
      [
        { id: 'a', name: 'x', args: '{}' },
        { id: expect.stringMatching(/^call_/), name: 'y', args: '{}' },
      ],
    ],
  ])('that %s', async (_, sent, expected) => {
    service.queue((reply) => {
      for (const choice of sent) reply.raw(`data: ${JSON.stringify({ choices: [choice] })}\n\n`)
      reply.finish('stop')
    })
    const events = await ask()
    expect(callsOf(events)).toEqual(expected)
    expect(events.at(-1)).toEqual({ type: 'done', finish: 'tool_calls' })
  })

  test('that ends lines with CRLF, sends comments, and no usage, no finish reason and no [DONE]', async () => {
    service.queue((reply) => {
      reply
        .raw(': keep-alive\r\n\r\n')
        .raw('data: {"choices":[{"delta":{"content":"Good "}}]}\r\n\r\n')
        .raw(':\r\n\r\n')
        .raw('data: {"choices":[{"delta":{"content":"day"}}]}\r\n\r\n')
      endCleanly(reply)
    })
    const events = await ask()
    expect(textOf(events)).toBe('Good day')
    expect(events.at(-2)).toMatchObject({ type: 'usage', outputTokens: 2 })
    expect(events.at(-1)).toEqual({ type: 'done', finish: 'stop' })
  })

  test('that sends the whole message, or repeats it after its deltas', async () => {
    const whole = { message: { role: 'assistant', content: 'Whole' }, finish_reason: 'stop' }
    service.queue(
      (reply) => endCleanly(reply.raw(`data: ${JSON.stringify({ choices: [whole] })}\n\n`)),
      (reply) => endCleanly(reply.delta('Whole').raw(`data: ${JSON.stringify({ choices: [whole] })}\n\n`)),
    )
    expect(textOf(await ask())).toBe('Whole')
    expect(textOf(await ask())).toBe('Whole')
  })

  test('that does not stream at all', async () => {
    const message = { role: 'assistant', content: 'Here', tool_calls: [{ id: 'a', type: 'function', function: { name: 'x', arguments: '{}' } }] }
    service.queue((reply) =>
      reply.fail(200, { choices: [{ message, finish_reason: 'tool_calls' }], usage: { prompt_tokens: 3, completion_tokens: 4 } }),
    )
    const events = await ask()
    expect(textOf(events)).toBe('Here')
    expect(callsOf(events)).toEqual([{ id: 'a', name: 'x', args: '{}' }])
    expect(events.at(-2)).toEqual({ type: 'usage', inputTokens: 3, outputTokens: 4 })
  })

  test('that sends reasoning under another name, and content in parts', async () => {
    service.queue((reply) => {
      reply.raw('data: {"choices":[{"delta":{"reasoning":"Hm"}}]}\n\n')
      reply.raw(
        'data: {"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"so"}]},{"type":"text","text":"Yes"}]}}]}\n\n',
      )
      reply.finish()
    })
    const events = await ask()
    expect(events.slice(0, 3)).toEqual([
      { type: 'reasoning', text: 'Hm' },
      { type: 'reasoning', text: 'so' },
      { type: 'text', text: 'Yes' },
    ])
  })

  test('that refuses stream_options is asked without, and so ever after', async () => {
    service.queue((reply) => reply.fail(400, { error: { message: "Unknown field 'stream_options'" } }), says('One'), says('Two'))
    const patient = model()
    expect(textOf(await collect(patient.stream(hello, new AbortController().signal)))).toBe('One')
    expect(textOf(await collect(patient.stream(hello, new AbortController().signal)))).toBe('Two')
    expect(service.requests.map((request) => 'stream_options' in request.raw)).toEqual([true, false, false])
  })

  test('that wants max_completion_tokens gets it', async () => {
    service.queue(
      (reply) => reply.fail(400, { error: { message: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead." } }),
      says('Yes'),
    )
    expect(textOf(await ask({}, { ...hello, maxOutputTokens: 50 }))).toBe('Yes')
    expect(service.requests[1]?.raw).toMatchObject({ max_completion_tokens: 50 })
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
    service.queue(
      (reply) => reply.fail(429, undefined, { 'retry-after-ms': '20' }),
      (reply) => reply.fail(503),
      (reply) => reply.drop(),
      says('At last'),
    )
    const events = await ask()
    expect(events.filter((event) => event.type === 'retry')).toEqual([
      { type: 'retry', attempt: 1, inMs: 20, reason: 'too many requests, 429' },
      { type: 'retry', attempt: 2, inMs: expect.any(Number), reason: 'server error 503' },
      { type: 'retry', attempt: 3, inMs: expect.any(Number), reason: expect.stringMatching(/connection/) },
    ])
    expect(textOf(events)).toBe('At last')
  })

  test('that does not pass ends in a sentence', async () => {
    service.answer((reply) => reply.fail(429))
    expect(await codeOf(ask())).toMatchObject({ code: 'rate_limited', message: expect.stringMatching(/asked too often/) })
    expect(service.requests).toHaveLength(4)
  })

  test('that would last too long is not waited for', async () => {
    service.answer((reply) => reply.fail(429, undefined, { 'retry-after': '3600' }))
    expect(await codeOf(ask())).toMatchObject({ code: 'rate_limited' })
    expect(service.requests).toHaveLength(1)
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
      /longer than/,
    ],
    ['too large a body', 413, 'too large', 'context_too_long', /longer than/],
    ['an empty account', 429, { error: { message: 'You exceeded your quota', code: 'insufficient_quota' } }, 'rate_limited', /credit/],
    ['a request it will not have', 400, { error: { message: `tools are wrong for ${secret}` } }, 'refused', /tools are wrong for \[key\]/],
  ])('of %s is final', async (_, status, body, code, message) => {
    service.answer((reply) => reply.fail(status, body))
    const error = await codeOf(ask())
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
    expect(service.requests).toHaveLength(1)
    expect(JSON.stringify([error.message, error.cause, error.stack, logged])).not.toContain(secret)
  })

  test('in the middle of a text is a cut, and is not tried again', async () => {
    service.answer((reply) => reply.delta('Half a').drop())
    const events: ModelEvent[] = []
    const error = await codeOf(
      (async () => {
        for await (const event of model().stream(hello, new AbortController().signal)) events.push(event)
      })(),
    )
    expect(error.code).toBe('cut_off')
    expect(textOf(events)).toBe('Half a')
    expect(service.requests).toHaveLength(1)
  })

  test('in the middle of a tool call is a cut, however politely the server hangs up', async () => {
    service.answer((reply) => endCleanly(reply.toolCall('write_file', '{"path":"a","content":"hal')))
    expect(await codeOf(ask())).toMatchObject({ code: 'cut_off' })
  })

  test('reported inside the stream is retried before the first word, and a cut after it', async () => {
    service.queue((reply) => endCleanly(reply.raw('data: {"error":{"message":"Overloaded","type":"overloaded_error"}}\n\n')), says('Better'))
    expect(textOf(await ask())).toBe('Better')
    service.queue((reply) => endCleanly(reply.delta('Well').raw('data: {"error":{"message":"Overloaded","type":"overloaded_error"}}\n\n')))
    expect(await codeOf(ask())).toMatchObject({ code: 'cut_off' })
  })

  test('of silence is noticed; comments count as life', async () => {
    service.queue((reply) => void reply.raw(': hello\n\n'), says('Awake'))
    const events = await ask({ stallMs: 60 })
    expect(events[0]).toMatchObject({ type: 'retry', reason: expect.stringMatching(/nothing was heard/) })
    expect(textOf(events)).toBe('Awake')
    service.queue(async (reply) => {
      for (let beat = 0; beat < 8; beat++) {
        reply.raw(':\n\n')
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
      reply.delta('Slow').finish()
    })
    expect(textOf(await ask({ stallMs: 150 }))).toBe('Slow')
  })

  test('of silence after text is a cut', async () => {
    service.queue((reply) => void reply.delta('Well'))
    expect(await codeOf(ask({ stallMs: 60 }))).toMatchObject({ code: 'cut_off' })
  })

  test('of garbage is a bad answer', async () => {
    service.answer((reply) => endCleanly(reply.raw('data: {"choices": nonsense\n\n')))
    expect(await codeOf(ask())).toMatchObject({ code: 'bad_answer' })
    service.answer((reply) => endCleanly(reply.raw('data: "text"\n\n')))
    expect(await codeOf(ask())).toMatchObject({ code: 'bad_answer' })
  })

  test('of an empty answer is tried again, then told', async () => {
    service.answer((reply) => endCleanly(reply.raw('data: [DONE]\n\n')))
    expect(await codeOf(ask())).toMatchObject({ code: 'cut_off' })
    expect(service.requests).toHaveLength(4)
  })

  test('of nobody there names the host and no more', async () => {
    const { url } = service
    await service.stop()
    const error = await codeOf(ask({ baseUrl: url.replace('http://', 'http://ada:hidden@') }))
    expect(error).toMatchObject({ code: 'unreachable', message: expect.stringMatching(/127\.0\.0\.1/) })
    expect(JSON.stringify([error.message, String(error.cause), logged])).not.toContain('hidden')
    expect(await codeOf(ask({ baseUrl: url }))).toMatchObject({ code: 'unreachable', message: expect.stringMatching(/nothing listens/) })
  })
})

describe('a stop', () => {
  test('ends the call at once, at the server too', async () => {
    const abort = new AbortController()
    const events: ModelEvent[] = []
    const run = (async () => {
      for await (const event of model().stream(hello, abort.signal)) {
        events.push(event)
        abort.abort(new Error('Mei said stop'))
      }
    })()
    const reply = await service.nextRequest()
    reply.delta('I beg')
    await expect(run).rejects.toThrow('Mei said stop')
    await reply.request.aborted
    expect(textOf(events)).toBe('I beg')
  })

  test('ends a wait before a retry, and a call not yet begun', async () => {
    service.answer((reply) => reply.fail(429, undefined, { 'retry-after': '30' }))
    const abort = new AbortController()
    const patient = model({ retry: { attempts: 3, firstMs: 1, longestMs: 60_000 } })
    const run = (async () => {
      for await (const event of patient.stream(hello, abort.signal)) if (event.type === 'retry') abort.abort(new Error('Ada left'))
    })()
    await expect(run).rejects.toThrow('Ada left')
    await expect(collect(patient.stream(hello, abort.signal))).rejects.toThrow('Ada left')
    expect(service.requests).toHaveLength(1)
  })

  test('by leaving the loop closes the call', async () => {
    const run = (async () => {
      for await (const event of model().stream(hello, new AbortController().signal)) if (event.type === 'text') break
    })()
    const reply = await service.nextRequest()
    reply.delta('I beg')
    await run
    expect(await reply.request.aborted).toBeUndefined()
  })
})

test('calls() scripts several calls', async () => {
  service.queue(calls(['list_files', {}], ['read_file', { path: 'a.md' }]))
  expect(callsOf(await ask()).map((call) => call.name)).toEqual(['list_files', 'read_file'])
})
