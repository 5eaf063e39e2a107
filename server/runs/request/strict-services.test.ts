import type { AgentId } from '#shared/base/ids.ts'
import { expect, test } from 'vitest'
import type { ToolCallItem } from '#shared/sessions/items.ts'
import { createWants } from '../../models/wants.ts'
import type { ModelMessage } from '../../models/port.ts'
import { toWire } from '../../models/wire-request.ts'
import { generator, pick } from '../../testing/chance.ts'
import { randomHistory } from '../../testing/random-history.ts'
import { refusals, strictServices } from '../../testing/strict-services.ts'
import type { StrictService } from '../../testing/strict-services.ts'
import { turnsOf } from './history-stage.ts'
import { trim } from './trim-stage.ts'

const dialect = { streamOptions: true, pictures: true, maxTokens: 'max_tokens' } as const
const tools = [{ name: 'read_file', description: 'Reads', parameters: { type: 'object' } }]
const services = Object.keys(strictServices) as StrictService[]
const png = { mime: 'image/png', data: 'iVBORw0KGgo=' }

/** Pictures with what they show, as a run reads them from where they are kept. */
const withSight = (message: ModelMessage): ModelMessage => {
  if (message.role === 'tool') return { ...message, ...(message.pictures && { pictures: message.pictures.map((one) => ({ ...one, ...png })) }) }
  return message.role === 'user' && message.files ? { ...message, pictures: [png] } : message
}

/** The services that send something with their calls: one of the eight, and one that is none of them. */
const senders = [strictServices.gemini, { model: 'openai/gpt-5', host: 'openrouter.ai' }]

/** What a service sent with some of its calls. */
const details = (random: () => number) => (call: ToolCallItem) => {
  const { model, host } = pick(senders, random)
  const signed = { extra_content: { google: { thought_signature: `signed ${call.seq}` } } }
  return random() < 0.3
    ? { model, service: host, call: signed, ...(random() < 0.3 && { answer: { reasoning_details: [{ type: 'reasoning.text' }] } }) }
    : undefined
}

/** A session's messages as a run has them, by chance: sometimes too long, without a system text, with notes of the room. */
function history(seed: number) {
  const random = generator(seed)
  const items = randomHistory(random)
  const maxTokens = random() < 0.3 ? 500 + random() * 3000 : 100_000
  const extra: ModelMessage[] = random() < 0.3 ? [{ role: 'system', text: random() < 0.5 ? 'The plan is empty.' : ' ' }] : []
  const system = random() < 0.9 ? 'Be kind.' : ''
  const turns = turnsOf(items, { self: 'builder' as AgentId, agents: [], roles: new Map() }, details(random))
  const { messages } = trim([{ role: 'system', text: system }, ...extra], turns, {
    maxTokens,
    sendsThoughts: false,
    count: (text) => text.length / 4,
  })
  return { messages: messages.map(withSight), tools: random() < 0.8 ? tools : [], pictures: random() < 0.8 }
}

const bodyFor = (service: StrictService, { messages, tools, pictures }: ReturnType<typeof history>) => {
  const { model, host } = strictServices[service]
  return toWire(
    { model, messages, tools },
    { ...dialect, pictures },
    { service: host, wants: createWants().of(model), boundary: 'qabcdefghjkmnpqrstuvw' },
  )
}

/** The messages one by one in the protocol's words, as they are stored. */
const plainly = ({ messages }: ReturnType<typeof history>) => ({
  messages: messages.map((message) => {
    if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: message.text }
    if (message.role !== 'assistant') return { role: message.role, content: message.text }
    const calls = message.toolCalls.map(({ id, name, args }) => ({ id, type: 'function', function: { name, arguments: args } }))
    return { role: 'assistant', content: message.text, ...(calls.length > 0 && { tool_calls: calls }) }
  }),
  tools: tools.map((tool) => ({ type: 'function', function: tool })),
})

/** A thousand histories, a hundred at a time. */
const hundreds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

test.each(hundreds)(
  'of histories none is refused by any of eight strict services, of which each refuses most as they are stored (hundred %i)',
  (hundred) => {
    const refused: string[] = []
    const stored = new Map(services.map((service) => [service, 0]))
    for (let seed = hundred * 100 - 99; seed <= hundred * 100; seed++) {
      const one = history(seed)
      for (const service of services) {
        refused.push(...refusals(service, bodyFor(service, one)).map((why) => `history ${seed}: ${why}`))
        if (refusals(service, plainly(one)).length > 0) stored.set(service, (stored.get(service) ?? 0) + 1)
      }
    }
    expect(refused).toEqual([])
    for (const count of stored.values()) expect(count).toBeGreaterThan(50)
  },
)

test('nothing that was said or called is lost', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const one = history(seed)
    const sent = bodyFor('openai', one).messages
    const texts = JSON.stringify(sent)
    const inJson = (text: string) => JSON.stringify(text.trim().replaceAll('\u0000', '').toWellFormed()).slice(1, -1)
    for (const message of one.messages) expect(texts).toContain(inJson(message.text))
    const calls = one.messages.flatMap((message) => (message.role === 'assistant' ? message.toolCalls : []))
    expect(sent.flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []) : []))).toHaveLength(calls.length)
  }
})

test('the same history gives the same request', () => {
  for (let seed = 1; seed <= 50; seed++)
    for (const service of services) expect(bodyFor(service, history(seed))).toEqual(bodyFor(service, history(seed)))
})
