import { afterEach, beforeEach, expect, test } from 'vitest'
import { collect, startConversation, textOf } from '../testing/model-conversation.ts'
import { says } from '../testing/scripted-model.ts'
import type { ScriptedReply } from '../testing/scripted-model.ts'
import type { ModelMessage, ModelRequest } from './port.ts'

let talk: Awaited<ReturnType<typeof startConversation>>
beforeEach(async () => {
  talk = await startConversation()
})
afterEach(() => talk.stop())

const history: ModelMessage[] = [
  { role: 'user', by: { name: 'Ada' }, text: 'go' },
  { role: 'assistant', text: 'I read it.', toolCalls: [{ id: 'c1', name: 'read_file', args: '{}' }], thoughts: { model: 'thinker', text: 'Hm.' } },
  { role: 'tool', callId: 'c1', text: 'read' },
]
const request: ModelRequest = { model: 'thinker', messages: history, tools: [] }
const ask = () => collect(model.stream(request, new AbortController().signal))
let model: ReturnType<typeof talk.model>
beforeEach(() => {
  model = talk.model()
})

const refuses = (message: string) => (reply: ScriptedReply) => reply.fail(400, { error: { message } })
const answersSent = () => talk.service.requests.map(({ raw }) => (raw.messages as Record<string, unknown>[])[2])

test('thoughts that are missed are sent at once, and from then on', async () => {
  talk.service.queue(
    refuses('thinking is enabled but reasoning_content is missing in assistant tool call message at index 1'),
    says('Done.'),
    says('Done.'),
  )
  expect(textOf(await ask())).toBe('Done.')
  await ask()
  expect(answersSent().map((message) => message?.reasoning_content)).toEqual([undefined, 'Hm.', 'Hm.'])
})

test('text and calls are sent apart to who takes not both, and the text stays', async () => {
  talk.service.queue(refuses('Assistant message must have either content or tool_calls, but not both.'), says('Done.'))
  expect(textOf(await ask())).toBe('Done.')
  expect(answersSent()[1]).toMatchObject({ content: null })
  expect(JSON.stringify(talk.service.requests[1]?.raw)).toMatch(
    /\(You said with this call:\)\\n<output-\w+ from=\\"you\\">\\nI read it\.\\n<\/output-/,
  )
})

test('what it refuses twice is final', async () => {
  talk.service.answer(refuses('reasoning_content is missing'))
  await expect(ask()).rejects.toThrow(/reasoning_content is missing/)
  expect(talk.service.requests).toHaveLength(2)
})

test('tools that the history calls are declared although none is offered', async () => {
  talk.service.queue(says('Done.'))
  await ask()
  expect(talk.service.requests[0]?.raw.tools).toMatchObject([{ function: { name: 'read_file' } }])
})

test('what comes with a call is told, with who sent it', async () => {
  const signed = { google: { thought_signature: 'abc' } }
  talk.service.queue((reply) => {
    const call = { index: 0, id: 'c2', type: 'function', function: { name: 'read_file', arguments: '{}' }, extra_content: signed }
    reply.raw(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [call] } }] })}\n\n`).finish('tool_calls')
  })
  const details = (await ask()).filter((event) => event.type === 'details')
  const service = new URL(talk.service.url).host
  expect(details).toEqual([{ type: 'details', index: 0, details: { model: 'thinker', service, call: { extra_content: signed } } }])
})
