import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRunRoom } from '../testing/run-room.ts'
import type { RunRoom } from '../testing/run-room.ts'
import { says } from '../testing/scripted-model.ts'
import type { ScriptedReply } from '../testing/scripted-model.ts'

let room: RunRoom
beforeAll(async () => {
  room = await openRunRoom({ env: { ATRIUM_MODEL: 'gemini-3-pro-preview' } })
  room.model.lists(['gemini-3-pro-preview', 'gemini-3-flash', 'kimi-k2-thinking', 'gpt-4o'])
})
afterAll(() => room?.close())

const signed = (signature: string) => ({ google: { thought_signature: signature } })

/** A call as Gemini sends it: signed. */
const callsSigned = (name: string, signature: string) => (reply: ScriptedReply) => {
  const args = JSON.stringify({ todos: [{ text: 'a', status: 'pending' }] })
  const call = { index: 0, id: '', type: 'function', function: { name, arguments: args }, extra_content: signed(signature) }
  reply.raw(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [call] } }] })}\n\n`).finish('tool_calls')
}

type SentCall = { function: { name: string }; extra_content?: unknown }
type Sent = { role: string; reasoning_content?: string; tool_calls?: SentCall[] }
const lastMessages = () => room.model.requests.at(-1)?.raw.messages as Sent[]
const lastCalls = () => lastMessages().flatMap((message) => message.tool_calls ?? [])

test('signatures go back with their calls, in the run and after it, and are nothing that people read', async () => {
  const session = await room.openSession()
  room.model.queue(callsSigned('update_todos', 'first'), callsSigned('functions.update_todos:0', 'second'), says('Done.'))
  const { runId } = await session.send(room.ada, 'plan it')
  await session.until(runId, 'completed')
  expect(lastCalls().map((call) => [call.function.name, call.extra_content])).toEqual([
    ['update_todos', signed('first')],
    ['functions_update_todos_0', signed('second')],
  ])
  room.model.queue(says('Done again.'))
  await session.until((await session.send(room.ada, 'and now?')).runId, 'completed')
  expect(lastCalls().map((call) => call.extra_content)).toEqual([signed('first'), signed('second')])
  expect(JSON.stringify(await session.items())).not.toMatch(/thought_signature|extra_content/)
})

test('a session goes on when its model is changed, twice', async () => {
  const session = await room.openSession()
  room.model.queue(callsSigned('update_todos', 'first'), says('Done.'))
  await session.until((await session.send(room.ada, 'plan it')).runId, 'completed')

  const askOf = async (model: string) => {
    room.model.queue((reply) => reply.reasoning('I go on.').delta('Going on.').finish())
    await session.until((await session.send(room.ada, 'go on', { model })).runId, 'completed')
  }
  await askOf('kimi-k2-thinking')
  expect(lastCalls()[0]).not.toHaveProperty('extra_content')
  expect(lastMessages().find((message) => message.tool_calls)?.reasoning_content).toBe('(These thoughts were not kept.)')
  await askOf('gpt-4o')
  expect(JSON.stringify(lastMessages())).not.toMatch(/extra_content|reasoning_content|I go on/)
  await askOf('gemini-3-flash')
  expect(lastCalls()[0]?.extra_content).toEqual(signed('skip_thought_signature_validator'))
  await askOf('gemini-3-pro-preview')
  expect(lastCalls()[0]?.extra_content).toEqual(signed('first'))
})
