import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { asked, openRunRoom } from '../testing/run-room.ts'
import type { RunRoom } from '../testing/run-room.ts'
import { says, type ScriptedReply } from '../testing/scripted-model.ts'

let room: RunRoom
let session: Awaited<ReturnType<RunRoom['openSession']>>

beforeAll(async () => {
  room = await openRunRoom()
})
afterAll(() => room.close())
beforeEach(async () => {
  session = await room.openSession()
})

test('an answer that breaks off stays, marked; the call is made again without it', async () => {
  const before = room.model.requests.length
  room.model.queue(
    (reply) => reply.delta('Half a sen').drop(),
    (reply) => reply.delta('Half an ans').drop(),
    says('A whole answer.'),
  )
  const { runId } = await session.send(room.ada, 'tell me')
  await session.until(runId, 'completed')
  const answers = (await session.items()).filter((item) => item.type === 'message' && item.author.kind === 'agent')
  expect(answers).toMatchObject([{ text: 'Half a sen', interrupted: true }, { text: 'Half an ans', interrupted: true }, { text: 'A whole answer.' }])
  expect(answers[2]).not.toHaveProperty('interrupted')
  expect(await session.events()).toEqual(['run_started', 'model_retry', 'model_retry', 'run_completed'])
  const requests = room.model.requests.slice(before)
  expect(requests).toHaveLength(3)
  for (const request of requests) expect(asked(request)).not.toContain('Half')
})

test('a model that always breaks off ends the run with a sentence, not with a loop', async () => {
  const before = room.model.requests.length
  room.model.answer((reply) => reply.delta('Half a').drop())
  const { runId } = await session.send(room.ada, 'tell me')
  await session.until(runId, 'failed')
  room.model.answer(undefined)
  expect(room.model.requests.length - before).toBe(3)
  expect((await session.items()).at(-1)).toMatchObject({ event: 'run_failed', error: { code: 'cut_off' } })
  room.model.queue(says('Back.'))
  await session.until((await session.send(room.ada, 'again')).runId, 'completed')
})

test('an answer that is as long as it may be stays, marked, and goes on', async () => {
  const before = room.model.requests.length
  room.model.queue((reply) => reply.delta('The first half, ').finish('length'), says('and the second.'))
  const { runId } = await session.send(room.ada, 'tell me')
  await session.until(runId, 'completed')
  const answers = (await session.items()).filter((item) => item.type === 'message' && item.author.kind === 'agent')
  expect(answers).toMatchObject([{ text: 'The first half, ', interrupted: true }, { text: 'and the second.' }])
  const [, second] = room.model.requests.slice(before)
  expect(second?.body.messages.slice(-2)).toEqual([
    expect.objectContaining({ role: 'assistant', content: 'The first half, \n[interrupted here]' }),
    expect.objectContaining({ role: 'user', content: expect.stringContaining('Go on') }),
  ])
})

test.each<[string, (reply: ScriptedReply) => void]>([
  ['nothing at all', (reply) => reply.finish('stop')],
  ['blanks', (reply) => reply.delta(' \n').finish('stop')],
  ['thoughts alone', (reply) => reply.reasoning('Hm.').finish('stop')],
  ['thoughts in tags alone', (reply) => reply.delta('<think>Hm.').finish('stop')],
  ['half a sentence, for a reason that nobody knows', (reply) => reply.delta('Half a').finish('insufficient_system_resource')],
  ['nothing, and its length used up', (reply) => reply.reasoning('Hm.').finish('length')],
])('an answer of %s is asked for again', async (_, answer) => {
  room.model.queue(answer, says('A whole answer.'))
  const { runId } = await session.send(room.ada, 'tell me')
  await session.until(runId, 'completed')
  const said = (await session.items()).filter((item) => item.type === 'message' && item.author.kind === 'agent')
  expect(said.at(-1)).toMatchObject({ text: 'A whole answer.' })
  expect(said.at(-1)).not.toHaveProperty('interrupted')
  expect(await session.events()).toContain('model_retry')
})

test('an answer that the service holds back is said to be, and not asked for again', async () => {
  const before = room.model.requests.length
  room.model.queue((reply) => reply.delta('It is d').finish('content_filter'))
  const { runId } = await session.send(room.ada, 'tell me')
  await session.until(runId, 'failed')
  expect(room.model.requests.length - before).toBe(1)
  const items = await session.items()
  expect(items.find((item) => item.type === 'message' && item.author.kind === 'agent')).toMatchObject({ text: 'It is d', interrupted: true })
  expect(items.at(-1)).toMatchObject({ event: 'run_failed', error: { code: 'refused', message: expect.stringContaining('held back') } })
})

test('a tool call that broke off is not run', async () => {
  room.model.queue((reply) => reply.delta('I will').toolCall('run_command', '{"command":"rm').drop(), says('Better not.'))
  const { runId } = await session.send(room.ada, 'clean up')
  await session.until(runId, 'completed')
  expect((await session.items()).filter((item) => item.type === 'tool_call' || item.type === 'approval')).toEqual([])
})

test('what no longer fits the window is left out from the oldest on, and people are told once', async () => {
  // The window is 200,000 tokens.
  for (let at = 1; at <= 10; at++) await session.send(room.mei, `Part ${at}. ${'word '.repeat(19_900)}`, { to: 'people' })
  const { runId } = await session.send(room.ada, 'what is the last part?')
  const first = await room.model.nextRequest()
  expect(asked(first.request)).toContain('what is the last part?')
  expect(asked(first.request)).toContain('Part 10.')
  expect(asked(first.request)).not.toContain('Part 1.')
  first.toolCall('update_todos', { todos: [{ text: 'read', status: 'pending' }] }).finish()
  const second = await room.model.nextRequest()
  expect(asked(second.request)).not.toContain('Part 1.')
  second.delta('The tenth.').finish()
  await session.until(runId, 'completed')
  expect((await session.events()).filter((event) => event === 'context_trimmed')).toHaveLength(1)
})
