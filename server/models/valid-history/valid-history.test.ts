import { describe, expect, test } from 'vitest'
import type { ModelMessage } from '../port.ts'
import { createWants } from '../wants.ts'
import { bridge, goOn, opening, pictureNote } from './notes.ts'
import { validHistory } from './valid-history.ts'

const send = (messages: ModelMessage[], model = 'gpt-5', service = 'api.openai.com', pictures = true) =>
  validHistory(messages, { model, service, pictures, wants: createWants().of(model) })

const ada = (text: string): ModelMessage => ({ role: 'user', name: 'Ada', text })
const mei = (text: string): ModelMessage => ({ role: 'user', name: 'Mei', text })
const answer = (text: string, ...calls: [id: string, name: string, args?: string][]): ModelMessage => ({
  role: 'assistant',
  text,
  toolCalls: calls.map(([id, name, args = '{}']) => ({ id, name, args })),
})
const result = (callId: string, text: string): ModelMessage => ({ role: 'tool', callId, text })
const picture = { mime: 'image/png', data: 'AAAA' }
const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }
const rolesOf = (messages: ReturnType<typeof send>) => messages.map(({ role }) => role)

describe('the order', () => {
  test('several system texts are one, first', () => {
    const sent = send([
      { role: 'system', text: 'Be kind.' },
      ada('hi'),
      { role: 'system', text: 'The plan is empty.' },
      { role: 'system', text: ' ' },
    ])
    expect(sent).toEqual([
      { role: 'system', content: 'Be kind.\n\nThe plan is empty.' },
      { role: 'user', content: 'Ada: hi' },
    ])
  })

  test('people in a row share a message, each with their name and behind it their pictures', () => {
    expect(send([ada('hello'), mei('lunch?  '), ada(' ')])).toEqual([{ role: 'user', content: 'Ada: hello\n\nMei: lunch?' }])
    expect(send([{ ...ada('look'), pictures: [picture] } as ModelMessage, mei('and?'), ada('nice')])).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Ada: look' }, image, { type: 'text', text: 'Mei: and?\n\nAda: nice' }] },
    ])
  })

  test('between results and what people say next the agent says a word', () => {
    expect(send([ada('go'), answer('', ['abcdefghi', 'run']), result('abcdefghi', 'ran'), mei('faster')]).slice(2)).toEqual([
      { role: 'tool', tool_call_id: 'abcdefghi', content: 'ran' },
      { role: 'assistant', content: bridge },
      { role: 'user', content: 'Mei: faster' },
    ])
  })

  test('the screen follows the results, after that word, and what people say stands behind it', () => {
    const seen = { ...result('abcdefghi', 'clicked'), pictures: [{ ...picture, artifactId: 'art_1' }] } as ModelMessage
    const messages = [ada('go'), answer('', ['abcdefghi', 'computer']), seen, mei('stop')]
    expect(send(messages).slice(3)).toEqual([
      { role: 'assistant', content: bridge },
      { role: 'user', content: [{ type: 'text', text: pictureNote }, image, { type: 'text', text: 'Mei: stop' }] },
    ])
    expect(send(messages, 'gpt-5', 'api.openai.com', false).at(-1)).toEqual({ role: 'user', content: 'Mei: stop' })
  })

  test('answers in a row share a message; calls and the next answer do not', () => {
    const sent = send([
      ada('go'),
      answer('One.  \n'),
      answer(' '),
      answer('Two.', ['c1', 'run']),
      result('c1', 'ran'),
      answer('Done.'),
      ada('thanks'),
    ])
    expect(rolesOf(sent)).toEqual(['user', 'assistant', 'tool', 'assistant', 'user'])
    expect(sent[1]).toMatchObject({ content: 'One.\n\nTwo.', tool_calls: [{ function: { name: 'run' } }] })
  })

  test('a person begins, and the end is something to answer', () => {
    expect(send([answer('I am here.')])).toEqual([
      { role: 'user', content: opening },
      { role: 'assistant', content: 'I am here.' },
      { role: 'user', content: goOn },
    ])
    expect(send([])).toEqual([{ role: 'user', content: opening }])
  })
})

describe('calls and results', () => {
  test('belong together, whatever the order: missing ones are told, doubled ones joined, stray ones said', () => {
    const sent = send([
      ada('go'),
      answer('', ['c1', 'one'], ['c2', 'two'], ['c3', 'three']),
      mei('hm'),
      result('c2', 'b'),
      result('c2', 'again'),
      result('c3', ' '),
      result('x', 'whose?'),
    ])
    const [first, second, third] = (sent[1] as { tool_calls: { id: string }[] }).tool_calls
    expect(sent.slice(2)).toEqual([
      { role: 'tool', tool_call_id: first?.id, content: 'no result: the call did not end' },
      { role: 'tool', tool_call_id: second?.id, content: 'b\nagain' },
      { role: 'tool', tool_call_id: third?.id, content: '(nothing)' },
      { role: 'assistant', content: bridge },
      { role: 'user', content: expect.stringMatching(/^Mei: hm\n\n\(A result of an earlier call[\s\S]*whose\?$/) },
    ])
  })

  test('ids that come again stay apart, and are the same each time', () => {
    const messages = [
      ada('go'),
      answer('', ['call_0', 'a'], ['', 'b'], ['', 'c']),
      result('call_0', '1'),
      result('', '2'),
      result('', '3'),
      answer('', ['call_0', 'd']),
      result('call_0', '4'),
    ]
    const sent = send(messages)
    const told = sent.flatMap((message) => (message.role === 'tool' ? [[message.tool_call_id, message.content] as const] : []))
    expect(told.map(([, content]) => content)).toEqual(['1', '2', '3', '4'])
    expect(new Set(told.map(([id]) => id)).size).toBe(4)
    for (const [id] of told) expect(id).toMatch(/^[a-zA-Z0-9]{9}$/)
    expect(send(messages)).toEqual(sent)
    // What was sent once is sent again as it was, when the run goes on.
    expect(send([...messages, answer('', ['call_0', 'e']), result('call_0', '5')]).slice(0, sent.length)).toEqual(sent)
  })

  test.each([
    ['functions.read_file:0', 'functions_read_file_0'],
    ['read file', 'read_file'],
    ['2nd', 'tool_2nd'],
    ['', 'tool_'],
    ['<|channel|>', 'channel'],
    ['x'.repeat(150), 'x'.repeat(64)],
    ['read-file_2', 'read-file_2'],
  ])('the name %j is told as %j', (name, told) => {
    expect(send([ada('go'), answer('', ['c1', name])])[1]).toMatchObject({ tool_calls: [{ function: { name: told } }] })
  })

  test.each([
    ['', '{}'],
    ['{"path": "a"}', '{"path": "a"}'],
    ['[1]', '{"invalid":[1]}'],
    ['{"half', '{"invalid":"{\\"half"}'],
    ['{"a":"\\ud83d"}', '{"a":"\ufffd"}'],
  ])('the arguments %j are told as %j', (args, told) => {
    expect(send([ada('go'), answer('', ['c1', 'run', args])])[1]).toMatchObject({ tool_calls: [{ function: { arguments: told } }] })
  })
})

test('broken characters go nowhere', () => {
  const sent = send([{ role: 'system', text: 'a\ud83d' }, ada('b\udc00\u0000'), answer('c\ud83d', ['c1', 'run']), result('c1', 'd\ud83d')])
  const all = JSON.stringify(sent)
  expect(all).not.toMatch(/\\u(d[89a-f]|0000)/i)
  expect(all).toContain('Ada: b\ufffd')
})

describe('what one service asks for', () => {
  const thought = { ...answer('', ['c1', 'run']), thoughts: { model: 'kimi-k2-thinking', text: 'Hm.' } } as ModelMessage
  const messages = [ada('go'), thought, result('c1', 'ran')]

  test('thoughts go back to the model that thought them; another one that wants some is told that they are gone', () => {
    expect(send(messages, 'kimi-k2-thinking')[1]).toMatchObject({ reasoning_content: 'Hm.' })
    expect(send(messages, 'deepseek-reasoner')[1]).toMatchObject({ reasoning_content: '(These thoughts were not kept.)' })
    expect(send(messages, 'mistral-large-latest')[1]).not.toHaveProperty('reasoning_content')
  })

  test('signatures go back to the model and the service that sent them, and to nobody else', () => {
    const google = 'generativelanguage.googleapis.com'
    const signed = { extra_content: { google: { thought_signature: 'abc' } } }
    const details = { model: 'gemini-3-pro-preview', service: google, call: signed, answer: { reasoning_details: [1] } }
    const calls = [
      { id: 'c1', name: 'run', args: '{}', details },
      { id: 'c2', name: 'run', args: '{}' },
    ]
    const history: ModelMessage[] = [ada('go'), { role: 'assistant', text: '', toolCalls: calls }, result('c1', 'ran'), result('c2', 'ran')]
    const own = send(history, 'gemini-3-pro-preview', google)[1]
    expect(own).toMatchObject({ reasoning_details: [1], tool_calls: [signed, {}] })
    expect((own as { tool_calls: object[] }).tool_calls[1]).not.toHaveProperty('extra_content')
    const dummy = { extra_content: { google: { thought_signature: 'skip_thought_signature_validator' } } }
    expect(send(history, 'gemini-3-flash', google)[1]).toMatchObject({ tool_calls: [dummy, {}] })
    expect(send(history, 'gemini-3-pro-preview', 'elsewhere')[1]).toMatchObject({ tool_calls: [dummy, {}] })
    for (const other of ['gpt-5', 'mistral-large-latest']) {
      expect(JSON.stringify(send(history, other))).not.toMatch(/extra_content|reasoning_details/)
    }
  })
})
