import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { callsOf, collect, hello, startConversation, textOf } from '../testing/model-conversation.ts'
import { says } from '../testing/scripted-model.ts'
import type { ScriptedReply } from '../testing/scripted-model.ts'

let talk: Awaited<ReturnType<typeof startConversation>>
beforeEach(async () => {
  talk = await startConversation()
})
afterEach(() => talk.stop())

/** Ends the body as HTTP wants it, saying no more. */
const endCleanly = (reply: ScriptedReply) => reply.close()

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
      'writes what no database holds into names and ids',
      [
        call({ index: 0, id: 'a\u0000', function: { name: 'x\u0000\ud800', arguments: '{"n"' } }),
        call({ index: 0, id: 'a\u0000', function: { arguments: ':1}' } }),
      ],
      [{ id: 'a\uFFFD', name: 'x\uFFFD\uFFFD', args: '{"n":1}' }],
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
      'sends empty arguments before the real ones',
      [
        call({ index: 0, id: 'a', function: { name: 'x', arguments: '{}' } }),
        call({ index: 0, function: { arguments: '{"n":' } }),
        call({ index: 0, function: { arguments: '1}' } }),
      ],
      [{ id: 'a', name: 'x', args: '{"n":1}' }],
    ],
    [
      'sends the arguments again when they are whole',
      [
        call({ index: 0, id: 'a', function: { name: 'x', arguments: '{"n":' } }),
        call({ index: 0, function: { arguments: '1}' } }),
        call({ index: 0, id: 'a', function: { name: 'x', arguments: '{"n":1}' } }),
      ],
      [{ id: 'a', name: 'x', args: '{"n":1}' }],
    ],
    ['means no arguments', [call({ index: 0, id: 'a', function: { name: 'x', arguments: '{}' } })], [{ id: 'a', name: 'x', args: '{}' }]],
    [
      'cuts a character in two in its arguments',
      [call({ index: 0, id: 'a', function: { name: 'x', arguments: '{"n":"\ud83c' } }), call({ index: 0, function: { arguments: '\udf0a"}' } })],
      [{ id: 'a', name: 'x', args: '{"n":"🌊"}' }],
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
    talk.service.queue((reply) => {
      for (const choice of sent) reply.raw(`data: ${JSON.stringify({ choices: [choice] })}\n\n`)
      reply.finish('stop')
    })
    const events = await talk.ask()
    expect(callsOf(events)).toEqual(expected)
    expect(events.at(-1)).toEqual({ type: 'done', finish: 'tool_calls' })
  })

  test('that ends lines with CRLF, sends comments, and no usage, no finish reason and no [DONE]', async () => {
    talk.service.queue((reply) => {
      reply
        .raw(': keep-alive\r\n\r\n')
        .raw('data: {"choices":[{"delta":{"content":"Good "}}]}\r\n\r\n')
        .raw(':\r\n\r\n')
        .raw('data: {"choices":[{"delta":{"content":"day"}}]}\r\n\r\n')
      endCleanly(reply)
    })
    const events = await talk.ask()
    expect(textOf(events)).toBe('Good day')
    expect(events.at(-2)).toMatchObject({ type: 'usage', outputTokens: 2 })
    expect(events.at(-1)).toEqual({ type: 'done', finish: 'stop' })
  })

  test('that sends the whole message, or repeats it after its deltas', async () => {
    const whole = { message: { role: 'assistant', content: 'Whole' }, finish_reason: 'stop' }
    talk.service.queue(
      (reply) => endCleanly(reply.raw(`data: ${JSON.stringify({ choices: [whole] })}\n\n`)),
      (reply) => endCleanly(reply.delta('Whole').raw(`data: ${JSON.stringify({ choices: [whole] })}\n\n`)),
    )
    expect(textOf(await talk.ask())).toBe('Whole')
    expect(textOf(await talk.ask())).toBe('Whole')
  })

  test('that does not stream at all', async () => {
    const message = { role: 'assistant', content: 'Here', tool_calls: [{ id: 'a', type: 'function', function: { name: 'x', arguments: '{}' } }] }
    talk.service.queue((reply) =>
      reply.fail(200, { choices: [{ message, finish_reason: 'tool_calls' }], usage: { prompt_tokens: 3, completion_tokens: 4 } }),
    )
    const events = await talk.ask()
    expect(textOf(events)).toBe('Here')
    expect(callsOf(events)).toEqual([{ id: 'a', name: 'x', args: '{}' }])
    expect(events.at(-2)).toEqual({ type: 'usage', inputTokens: 3, outputTokens: 4 })
  })

  test('that sends reasoning under another name, and content in parts', async () => {
    talk.service.queue((reply) => {
      reply.raw('data: {"choices":[{"delta":{"reasoning":"Hm"}}]}\n\n')
      reply.raw(
        'data: {"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"so"}]},{"type":"text","text":"Yes"}]}}]}\n\n',
      )
      reply.finish()
    })
    const events = await talk.ask()
    expect(events.slice(0, 3)).toEqual([
      { type: 'reasoning', text: 'Hm' },
      { type: 'reasoning', text: 'so' },
      { type: 'text', text: 'Yes' },
    ])
  })

  test('that calls its events JSON', async () => {
    talk.service.queue((reply) => reply.head({ 'content-type': 'application/json' }).delta('Good ').delta('day').finish())
    expect(textOf(await talk.ask())).toBe('Good day')
  })

  test.each<[string, string[], string, string]>([
    ['whole', ['<think>Hm.</think>\n\nYes'], 'Hm.', 'Yes'],
    ['cut in two', ['\n<thi', 'nk>H', 'm.</th', 'ink', '>', '\n', '\nYes'], 'Hm.', 'Yes'],
    ['in the midst of an answer', ['Write <think>x</think>'], '', 'Write <think>x</think>'],
    ['that only begin alike', ['<th', 'ing> is'], '', '<thing> is'],
    ['of two kinds', ['<thinking>a</think>b</thinking>c'], 'a</think>b', 'c'],
  ])('that thinks in tags %s', async (_, pieces, reasoning, text) => {
    talk.service.queue((reply) => {
      for (const piece of pieces) reply.delta(piece)
      reply.finish()
    })
    const events = await talk.ask()
    expect(textOf(events)).toBe(text)
    expect(events.map((event) => (event.type === 'reasoning' ? event.text : '')).join('')).toBe(reasoning)
  })

  test('that cuts characters in two: nobody sees half of one', async () => {
    talk.service.queue((reply) => {
      for (const piece of ['Tide \ud83c', '\udf0a!', '\ud83c', 'x', '\udf0a', '\ud83c']) reply.delta(piece)
      reply.finish()
    })
    const texts = (await talk.ask()).flatMap((event) => (event.type === 'text' ? [event.text] : []))
    expect(texts.join('')).toBe('Tide 🌊!\uFFFDx\uFFFD\uFFFD')
    for (const text of texts) expect(text.isWellFormed()).toBe(true)
  })

  test('that refuses stream_options is asked without, and so ever after', async () => {
    talk.service.queue((reply) => reply.fail(400, { error: { message: "Unknown field 'stream_options'" } }), says('One'), says('Two'))
    const patient = talk.model()
    expect(textOf(await collect(patient.stream(hello, new AbortController().signal)))).toBe('One')
    expect(textOf(await collect(patient.stream(hello, new AbortController().signal)))).toBe('Two')
    expect(talk.service.requests.map((request) => 'stream_options' in request.raw)).toEqual([true, false, false])
  })

  test('that wants max_completion_tokens gets it', async () => {
    talk.service.queue(
      (reply) => reply.fail(400, { error: { message: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead." } }),
      says('Yes'),
    )
    expect(textOf(await talk.ask({}, { ...hello, maxOutputTokens: 50 }))).toBe('Yes')
    expect(talk.service.requests[1]?.raw).toMatchObject({ max_completion_tokens: 50 })
  })
})
