import { serve } from '@hono/node-server'
import type { ServerType } from '@hono/node-server'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import OpenAI from 'openai'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtInTools } from '../../tools/registry.ts'
import { describeTool } from '../../tools/define.ts'
import { createModel } from '../openai.ts'
import { ModelError } from '../errors.ts'
import type { ModelEvent } from '../port.ts'
import { demoModel } from './routes.ts'

let server: ServerType
let baseUrl: string
beforeAll(async () => {
  server = serve({ fetch: demoModel({ key: 'the key', pace: { everyMs: 0 } }).fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((done) => server.close(done)))

async function say(text: string, options: { model?: string; apiKey?: string } = {}): Promise<ModelEvent[]> {
  const model = createModel({
    apiKey: options.apiKey ?? 'the key',
    baseUrl,
    log: pino({ level: 'silent' }),
    retry: { attempts: 4, firstMs: 1, longestMs: 2000 },
  })
  const request = {
    model: options.model ?? 'atrium-demo',
    messages: [{ role: 'user' as const, by: { name: 'Ada' }, text }],
    tools: builtInTools.map(describeTool),
  }
  const events: ModelEvent[] = []
  for await (const event of model.stream(request, new AbortController().signal)) events.push(event)
  return events
}
const textOf = (events: ModelEvent[]) => events.map((event) => (event.type === 'text' ? event.text : '')).join('')

test('Ada is answered by name, piece by piece', async () => {
  const events = await say('Hello!')
  expect(textOf(events)).toMatch(/^Hello, Ada!/)
  expect(events.filter((event) => event.type === 'text').length).toBeGreaterThan(5)
  expect(events.at(-2)).toMatchObject({ type: 'usage' })
  expect(events.at(-1)).toEqual({ type: 'done', finish: 'stop' })
})

test('calls come whole, and thoughts before them', async () => {
  const events = await say('Build a small web page about tides')
  expect(events[0]?.type).toBe('reasoning')
  const args = events.map((event) => (event.type === 'tool_call_chunk' ? event.args : '')).join('')
  expect(JSON.parse(args).todos).toHaveLength(4)
  expect(events.at(-1)).toEqual({ type: 'done', finish: 'tool_calls' })
})

test('a rate limit passes after two tries, each time again', async () => {
  for (const _ of [1, 2]) {
    const events = await say('Fail with rate limit')
    expect(events.filter((event) => event.type === 'retry')).toHaveLength(2)
    expect(textOf(events)).toMatch(/refused twice/)
  }
})

test.each([
  ['Fail', 'refused'],
  ['Fail with bad key', 'bad_key'],
  ['Fail with context too long', 'context_too_long'],
  ['Fail with unknown model', 'unknown_model'],
  ['Fail with server error', 'unreachable'],
  ['Fail mid-stream', 'cut_off'],
])('“%s” ends as %s', async (text, code) => {
  const error = await say(text).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ModelError)
  expect(error).toMatchObject({ code })
})

test('only whoever has the key is answered, and only for its own model', async () => {
  await expect(say('Hello!', { apiKey: 'guess' })).rejects.toMatchObject({ code: 'bad_key' })
  await expect(say('Hello!', { model: 'gpt-4o' })).rejects.toMatchObject({ code: 'unknown_model' })
  expect((await fetch(`${baseUrl}/chat/completions`, { method: 'POST' })).status).toBe(401)
})

test('the plain SDK lists it, and is answered whole', async () => {
  const client = new OpenAI({ apiKey: 'the key', baseURL: baseUrl, maxRetries: 0 })
  expect((await client.models.list()).data).toMatchObject([{ id: 'atrium-demo', name: 'Demo model' }, { id: 'atrium-demo-brief' }])
  const whole = await client.chat.completions.create({ model: 'atrium-demo', messages: [{ role: 'user', content: 'Hello!' }] })
  expect(whole.choices[0]?.message.content).toMatch(/^Hello!/)
  const bad = await fetch(`${baseUrl}/chat/completions`, { method: 'POST', headers: { authorization: 'Bearer the key' }, body: '{"messages":[]}' })
  expect(bad.status).toBe(400)
})

test('the brief one does the same, in a sentence and without its thoughts', async () => {
  const said = async (model: string) => {
    const events = await say('Build a small web page about tides', { model })
    return {
      text: textOf(events),
      thinks: events.some(({ type }) => type === 'reasoning'),
      calls: events.filter(({ type }) => type === 'tool_call_chunk'),
    }
  }
  const [whole, brief] = [await said('atrium-demo'), await said('atrium-demo-brief')]
  expect(whole.thinks).toBe(true)
  expect(brief.thinks).toBe(false)
  expect(brief.calls).toEqual(whole.calls)
  expect(brief.text).toBe('I’ll build a small page about tides.')
  expect(whole.text.startsWith(brief.text)).toBe(true)
  expect(textOf(await say('Hello!', { model: 'atrium-demo-brief' }))).toBe('Hello, Ada!')
  await expect(say('Fail', { model: 'atrium-demo-brief' })).rejects.toMatchObject({ code: 'refused' })
})
