import type { ServerResponse } from 'node:http'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startScriptedModel } from '../testing/scripted-model.ts'
import type { ScriptedModel } from '../testing/scripted-model.ts'
import { createModelList } from './list.ts'

let service: ScriptedModel
let now = 0
beforeEach(async () => {
  service = await startScriptedModel()
  now = 1_000_000
})
afterEach(() => service.stop())

const open = (more: { baseUrl?: () => string; timeoutMs?: number } = {}) =>
  createModelList({
    apiKey: 'sk-very-secret',
    baseUrl: () => service.url,
    defaultModel: 'house',
    log: pino({ level: 'silent' }),
    timeoutMs: 2000,
    now: () => now,
    ...more,
  })
const answers =
  (status: number, body: string, type = 'application/json') =>
  (outgoing: ServerResponse) => {
    outgoing.writeHead(status, { 'content-type': type })
    outgoing.end(body)
  }
const idsOf = async (list: ReturnType<typeof open>) => (await list.list()).models.map(({ id }) => id)

test('what the service lists is offered, the default first, and the service is asked once', async () => {
  service.lists(['large', 'house', 'text-embedding-3-small'])
  const list = open()
  const all = await Promise.all([list.list(), list.list(), list.list()])
  for (const one of all) {
    expect(one).toEqual({
      models: [
        { id: 'house', name: 'house', isDefault: true },
        { id: 'large', name: 'large', isDefault: false },
      ],
    })
  }
  expect(service.listed()).toBe(1)
  now += 299_000
  await list.list()
  expect(service.listed()).toBe(1)
})

test('after some minutes the list is made anew, and nobody waits for it', async () => {
  service.lists(['large'])
  const list = open()
  await list.list()
  service.lists(['larger'])
  now += 301_000
  expect(await idsOf(list)).toEqual(['house', 'large'])
  await vi.waitFor(async () => expect(await idsOf(list)).toEqual(['house', 'larger']))
  expect(service.listed()).toBe(2)
})

test('a service without a list offers the configured model, and nothing is wrong', async () => {
  for (const status of [404, 405, 501]) {
    service.lists(answers(status, '{"error":{"message":"no such route"}}'))
    expect(await open().list()).toEqual({ models: [{ id: 'house', name: 'house', isDefault: true }] })
  }
  service.lists([])
  expect(await open().list()).toEqual({ models: [{ id: 'house', name: 'house', isDefault: true }] })
})

test('a bare array is a list as well', async () => {
  service.lists(answers(200, '[{"id":"large"}]'))
  expect(await idsOf(open())).toEqual(['house', 'large'])
})

test.each([
  ['a refused key', answers(401, '{"error":{"message":"bad key sk-very-secret"}}'), /refused the key/],
  ['a failing service', answers(500, '{"error":{"message":"oh no"}}'), /keeps failing \(500\)/],
  ['a web page', answers(200, '<html>hello</html>', 'text/html'), /did not send a list of models.*OPENAI_BASE_URL/],
  ['no JSON', answers(200, '{"data":[{'), /did not send a list of models/],
  ['another shape', answers(200, '{"data":{"id":"x"}}'), /did not send a list of models/],
  ['null', answers(200, 'null'), /did not send a list of models/],
  ['a number', answers(200, '7'), /did not send a list of models/],
  ['an empty body', answers(200, ''), /did not send a list of models/],
  ['a broken connection', (outgoing: ServerResponse) => void outgoing.destroy(), /could not be reached/],
])('%s: the configured model, and a sentence that says why', async (_, listing, why) => {
  service.lists(listing)
  const list = open()
  const { models, problem } = await list.list()
  expect(models).toEqual([{ id: 'house', name: 'house', isDefault: true }])
  expect(problem).toMatch(why)
  expect(problem).not.toContain('very-secret')
  expect(await list.refuse('house')).toBeUndefined()
  expect((await list.refuse('large'))?.message).toContain('not available right now')
})

test('a service that is not there, or never ends, is not waited for', async () => {
  const nowhere = open({ baseUrl: () => 'http://127.0.0.1:9/v1' })
  expect((await nowhere.list()).problem).toMatch(/could not be reached/)

  service.lists(() => undefined)
  expect((await open({ timeoutMs: 150 }).list()).problem).toMatch(/sent nothing/)

  service.lists((outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/json' })
    outgoing.write('{"data":[')
  })
  expect((await open({ timeoutMs: 150 }).list()).problem).toBeDefined()

  service.lists((outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/json' })
    const part = Buffer.alloc(1024 * 1024, ' ')
    const more = () => {
      while (!outgoing.destroyed && outgoing.write(part));
      if (!outgoing.destroyed) outgoing.once('drain', more)
    }
    more()
  })
  expect((await open({ timeoutMs: 10_000 }).list()).problem).toMatch(/never ends/)
})

test('a service that went away keeps what it offered, and is asked again soon', async () => {
  service.lists(['large'])
  const list = open()
  await list.list()
  service.lists(answers(503, '{}'))
  now += 301_000
  await list.list()
  await vi.waitFor(async () => expect((await list.list()).problem).toMatch(/503/))
  expect(await idsOf(list)).toEqual(['house', 'large'])
  expect(await list.refuse('large')).toBeUndefined()
  service.lists(['large', 'new'])
  now += 21_000
  await list.list()
  await vi.waitFor(async () => expect(await list.list()).not.toHaveProperty('problem'))
  expect(await idsOf(list)).toEqual(['house', 'large', 'new'])
})

test('a model that is not offered is refused by name; one that has just come is found', async () => {
  service.lists(['large'])
  const list = open()
  expect(await list.refuse('house')).toBeUndefined()
  expect(service.listed()).toBe(0)
  expect(await list.refuse('large')).toBeUndefined()
  const refused = await list.refuse('huge')
  expect(refused).toMatchObject({ code: 'invalid_input' })
  expect(refused?.message).toMatch(/"huge" is not available.*GET \/api\/models/)
  service.lists(['large', 'huge'])
  expect(await list.refuse('huge')).toBeDefined()
  expect(service.listed()).toBe(1)
  now += 11_000
  expect(await list.refuse('huge')).toBeUndefined()
  expect(service.listed()).toBe(2)
})
