import { expect, test } from 'vitest'
import type { AgentId, ItemId, RunId, StepId, UserId } from '#shared/base/ids.ts'
import type { Item, MessageItem, ToolCallItem } from '#shared/sessions/items.ts'
import { turnsOf } from './history-stage.ts'
import { trim } from './trim-stage.ts'

const runId = 'run_1' as RunId
let seq = 0
const base = () => ({ id: `itm_${++seq}` as ItemId, seq, createdAt: seq, finishedAt: seq, runId })
const says = (name: string, text: string, more: Partial<MessageItem> = {}): Item => ({
  ...base(),
  type: 'message',
  author: { kind: 'user', id: `usr_${name}` as UserId, name },
  text,
  ...more,
})
const answers = (text: string, more: Partial<MessageItem> = {}): Item => ({
  ...base(),
  type: 'message',
  author: { kind: 'agent', id: 'builder' as AgentId, name: 'Builder' },
  text,
  ...more,
})
const call = (callId: string, turn: number, more: Partial<ToolCallItem> = {}): Item => ({
  ...base(),
  type: 'tool_call',
  stepId: `stp_${callId}` as StepId,
  author: { kind: 'agent', id: 'builder' as AgentId, name: 'Builder' },
  name: 'read_file',
  args: { path: 'a' },
  status: 'ok',
  turn,
  callId,
  ...more,
})
const event = (name: 'run_recovered' | 'run_interrupted'): Item => ({ ...base(), type: 'event', event: name, text: name })

const roles = new Map([['usr_Ada', 'owner' as const]])
const build = (items: Item[], maxTokens = 100_000) => {
  const turns = turnsOf(items, { self: 'builder' as AgentId, agents: [{ id: 'scout', name: 'Scout' }], roles })
  return trim([{ role: 'system', text: 'S' }], turns, { maxTokens, sendsThoughts: false, count: (text) => text.length })
}

test('people are named, and what they tell each other is marked', () => {
  const { messages } = build([says('Ada', 'hello'), says('Mei', 'lunch?', { to: 'people' })])
  expect(messages).toEqual([
    { role: 'system', text: 'S' },
    { role: 'user', by: { name: 'Ada', id: 'usr_Ada', role: 'owner' }, text: 'hello' },
    { role: 'user', by: { name: 'Mei', id: 'usr_Mei' }, to: 'people', text: 'lunch?' },
  ])
})

test('calls stay with the answer that asked for them, each with its result, turn by turn', () => {
  const { messages } = build([
    says('Ada', 'go'),
    answers('Looking.'),
    call('c1', 1, { result: 'one' }),
    says('Mei', 'hurry'),
    call('c2', 1, { status: 'failed', error: { code: 'not_found', message: 'no file' } }),
    call('c3', 2, { result: { n: 3 } }),
    answers('Done.'),
  ])
  expect(messages.slice(2)).toEqual([
    {
      role: 'assistant',
      text: 'Looking.',
      toolCalls: [
        { id: 'c1', name: 'read_file', args: '{"path":"a"}' },
        { id: 'c2', name: 'read_file', args: '{"path":"a"}' },
      ],
    },
    { role: 'tool', callId: 'c1', text: 'one' },
    { role: 'tool', callId: 'c2', text: 'not_found: no file' },
    { role: 'user', by: { name: 'Mei', id: 'usr_Mei' }, text: 'hurry' },
    { role: 'assistant', text: '', toolCalls: [{ id: 'c3', name: 'read_file', args: '{"path":"a"}' }] },
    { role: 'tool', callId: 'c3', text: '{"n":3}' },
    { role: 'assistant', text: 'Done.', toolCalls: [] },
  ])
})

test('a call without an end gets a result, and arguments that are no object are shown as one', () => {
  const { messages } = build([call('c1', 1, { finishedAt: null, args: '{"path' })])
  expect(messages.slice(1)).toMatchObject([
    { toolCalls: [{ args: '{"invalid":"{\\"path"}' }] },
    { role: 'tool', callId: 'c1', text: 'no result: the call did not end' },
  ])
})

test('what a crash cut off is left out, what a person cut off is marked', () => {
  const crashed = build([says('Ada', 'go'), answers('Half', { interrupted: true }), event('run_recovered'), answers('Whole')])
  expect(crashed.messages.map((message) => message.text)).toEqual(['S', 'go', 'Whole'])
  const interrupted = build([says('Ada', 'go'), answers('Half', { interrupted: true }), event('run_interrupted'), says('Mei', 'stop')])
  expect(interrupted.messages.map((message) => message.text)).toEqual(['S', 'go', 'Half\n[interrupted here]', 'stop'])
})

test('the oldest goes first, calls together with their results; the newest stays whatever its length', () => {
  const items = [says('Ada', 'x'.repeat(50)), call('c1', 1, { result: 'y'.repeat(50) }), says('Mei', 'z'.repeat(20))]
  const trimmed = build(items, 60)
  expect(trimmed.trimmed).toBe(2)
  expect(trimmed.messages.map((message) => message.role)).toEqual(['system', 'user'])
  const huge = build([says('Ada', 'x'.repeat(100_000))], 2000)
  expect(huge.messages).toHaveLength(2)
  expect(huge.tokens).toBeLessThan(6000)
})

test('what another agent says is heard as its words, what it does is not, and what is said to it names it', () => {
  const scout = { kind: 'agent', id: 'scout' as AgentId, name: 'Scout' } as const
  const other = 'run_2' as RunId
  const { messages } = build([
    says('Ada', 'Build it.', { agentId: 'builder' as AgentId }),
    says('Mei', '@Scout look around', { agentId: scout.id, runId: other }),
    answers('I begin.'),
    call('a', 1),
    answers('I look.', { author: scout, runId: other }),
    call('b', 1, { author: scout, runId: other }),
    call('c', 1),
  ])
  expect(messages.map((message) => [message.role, 'text' in message ? message.text : '']).slice(1)).toEqual([
    ['user', 'Build it.'],
    ['user', '@Scout look around'],
    ['assistant', 'I begin.'],
    ['tool', 'done'],
    ['tool', 'done'],
    ['user', 'I look.'],
  ])
  expect(messages[2]).toMatchObject({ by: { name: 'Mei' }, to: 'Scout' })
  expect(messages.at(-1)).toMatchObject({ by: { name: 'Scout', id: 'scout', role: 'agent' }, to: 'people' })
  expect(messages[3]).toMatchObject({ toolCalls: [{ id: 'a' }, { id: 'c' }] })
})

test('an answer that a crash cut off is left out, also where another agent goes on in between', () => {
  const scout = { kind: 'agent', id: 'scout' as AgentId, name: 'Scout' } as const
  const other = 'run_2' as RunId
  const recovered = event('run_recovered')
  const { messages } = build([
    says('Ada', 'Go.'),
    answers('I was ab', { interrupted: true }),
    answers('Mine.', { author: scout, runId: other }),
    recovered,
  ])
  expect(messages.map(({ text }) => text).slice(1)).toEqual(['Go.', 'Mine.'])
})
