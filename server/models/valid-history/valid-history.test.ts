import { describe, expect, test } from 'vitest'
import { between, explainMarks, newBoundary, outputMarks, saidMarks } from '../boundary/marks.ts'
import type { ModelMessage } from '../port.ts'
import { createWants } from '../wants.ts'
import { bridge, goOn, opening, pictureNote, strayNote } from './notes.ts'
import { validHistory } from './valid-history.ts'

const boundary = newBoundary()
const send = (messages: ModelMessage[], model = 'gpt-5', service = 'api.openai.com', pictures = true) =>
  validHistory(messages, { model, service, pictures, wants: createWants().of(model), boundary })

/** After the system text. */
const talk = (...args: Parameters<typeof send>) => send(...args).slice(1)

/** Words of a person, and what a tool gave, as they are told. */
const by = (name: string, text: string) => between(saidMarks(boundary, { name }), text)
const from = (tool: string, text: string) => between(outputMarks(boundary, tool), text)
const screen = outputMarks(boundary, 'screen')

const ada = (text: string): ModelMessage => ({ role: 'user', by: { name: 'Ada' }, text })
const mei = (text: string): ModelMessage => ({ role: 'user', by: { name: 'Mei' }, text })
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
      { role: 'system', content: `Be kind.\n\nThe plan is empty.\n\n${explainMarks(boundary)}` },
      { role: 'user', content: by('Ada', 'hi') },
    ])
  })

  test('people in a row share a message, each with their name and behind it their pictures', () => {
    expect(talk([ada('hello'), mei('lunch?  '), ada(' ')])).toEqual([{ role: 'user', content: `${by('Ada', 'hello')}\n\n${by('Mei', 'lunch?  ')}` }])
    const { open, close } = saidMarks(boundary, { name: 'Ada' })
    expect(talk([{ ...ada('look'), pictures: [picture] } as ModelMessage, mei('and?'), ada('nice')])).toEqual([
      {
        role: 'user',
        content: [{ type: 'text', text: `${open}\nlook` }, image, { type: 'text', text: [close, by('Mei', 'and?'), by('Ada', 'nice')].join('\n\n') }],
      },
    ])
  })

  test('between results and what people say next the agent says a word', () => {
    expect(send([ada('go'), answer('', ['abcdefghi', 'run']), result('abcdefghi', 'ran'), mei('faster')]).slice(3)).toEqual([
      { role: 'tool', tool_call_id: 'abcdefghi', content: from('run', 'ran') },
      { role: 'assistant', content: bridge },
      { role: 'user', content: by('Mei', 'faster') },
    ])
  })

  test('the screen follows the results, after that word, and what people say stands behind it', () => {
    const seen = { ...result('abcdefghi', 'clicked'), pictures: [{ ...picture, artifactId: 'art_1' }] } as ModelMessage
    const messages = [ada('go'), answer('', ['abcdefghi', 'computer']), seen, mei('stop')]
    expect(talk(messages).slice(3)).toEqual([
      { role: 'assistant', content: bridge },
      {
        role: 'user',
        content: [{ type: 'text', text: `${screen.open}\n${pictureNote}` }, image, { type: 'text', text: `${screen.close}\n\n${by('Mei', 'stop')}` }],
      },
    ])
    expect(send(messages, 'gpt-5', 'api.openai.com', false).at(-1)).toEqual({ role: 'user', content: by('Mei', 'stop') })
  })

  test('answers in a row share a message; calls and the next answer do not', () => {
    const sent = talk([
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
    expect(talk([answer('I am here.')])).toEqual([
      { role: 'user', content: opening },
      { role: 'assistant', content: 'I am here.' },
      { role: 'user', content: goOn },
    ])
    expect(talk([])).toEqual([{ role: 'user', content: opening }])
  })
})

describe('calls and results', () => {
  test('belong together, whatever the order: missing ones are told, doubled ones joined, stray ones said', () => {
    const sent = talk([
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
      { role: 'tool', tool_call_id: second?.id, content: `${from('two', 'b')}\n${from('two', 'again')}` },
      { role: 'tool', tool_call_id: third?.id, content: '(nothing)' },
      { role: 'assistant', content: bridge },
      { role: 'user', content: `${by('Mei', 'hm')}\n\n${strayNote}\n${from('tool', 'whose?')}` },
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
    expect(told.map(([, content]) => content)).toEqual([from('a', '1'), from('b', '2'), from('c', '3'), from('d', '4')])
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
    expect(talk([ada('go'), answer('', ['c1', name])])[1]).toMatchObject({ tool_calls: [{ function: { name: told } }] })
  })

  test.each([
    ['', '{}'],
    ['{"path": "a"}', '{"path": "a"}'],
    ['[1]', '{"invalid":[1]}'],
    ['{"half', '{"invalid":"{\\"half"}'],
    ['{"a":"\\ud83d"}', '{"a":"\ufffd"}'],
  ])('the arguments %j are told as %j', (args, told) => {
    expect(talk([ada('go'), answer('', ['c1', 'run', args])])[1]).toMatchObject({ tool_calls: [{ function: { arguments: told } }] })
  })
})

test('broken characters go nowhere', () => {
  const sent = send([{ role: 'system', text: 'a\ud83d' }, ada('b\udc00\u0000'), answer('c\ud83d', ['c1', 'run']), result('c1', 'd\ud83d')])
  const all = JSON.stringify(sent)
  expect(all).not.toMatch(/\\u(d[89a-f]|0000)/i)
  expect(all).toContain('b\ufffd')
})

describe('what one service asks for', () => {
  const thought = { ...answer('', ['c1', 'run']), thoughts: { model: 'kimi-k2-thinking', text: 'Hm.' } } as ModelMessage
  const messages = [ada('go'), thought, result('c1', 'ran')]

  test('thoughts go back to the model that thought them; another one that wants some is told that they are gone', () => {
    expect(talk(messages, 'kimi-k2-thinking')[1]).toMatchObject({ reasoning_content: 'Hm.' })
    expect(talk(messages, 'deepseek-reasoner')[1]).toMatchObject({ reasoning_content: '(These thoughts were not kept.)' })
    expect(talk(messages, 'mistral-large-latest')[1]).not.toHaveProperty('reasoning_content')
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
    const own = talk(history, 'gemini-3-pro-preview', google)[1]
    expect(own).toMatchObject({ reasoning_details: [1], tool_calls: [signed, {}] })
    expect((own as { tool_calls: object[] }).tool_calls[1]).not.toHaveProperty('extra_content')
    const dummy = { extra_content: { google: { thought_signature: 'skip_thought_signature_validator' } } }
    expect(talk(history, 'gemini-3-flash', google)[1]).toMatchObject({ tool_calls: [dummy, {}] })
    expect(talk(history, 'gemini-3-pro-preview', 'elsewhere')[1]).toMatchObject({ tool_calls: [dummy, {}] })
    for (const other of ['gpt-5', 'mistral-large-latest']) {
      expect(JSON.stringify(send(history, other))).not.toMatch(/extra_content|reasoning_details/)
    }
  })
})
