import { expect, test } from 'vitest'
import type { AgentId, ItemId, RunId, SessionId, StepId } from '#shared/base/ids.ts'
import type { SessionEvent } from '#shared/runs/events.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { SentEvent } from './events.ts'
import { createSessionEvents } from './events.ts'

const session = 'ses_1' as SessionId
const runId = 'run_1' as RunId
const agentId = 'builder' as AgentId
const itemId = (n: number) => `itm_00000000-0000-7000-8000-00000000000${n}` as ItemId
const stepId = 'stp_1' as StepId
const text = (n: number, words: string): SessionEvent => ({ type: 'text', runId, itemId: itemId(n), agentId, text: words })
const message = (n: number, seq: number, words: string): Item => ({
  type: 'message',
  id: itemId(n),
  seq,
  runId,
  createdAt: 1,
  finishedAt: 1,
  author: { kind: 'agent', id: agentId, name: 'Builder' },
  text: words,
})
const call = (n: number, seq: number): Item => ({
  type: 'tool_call',
  id: itemId(n),
  seq,
  runId,
  createdAt: 1,
  finishedAt: 1,
  author: { kind: 'agent', id: agentId, name: 'Builder' },
  stepId,
  name: 'read_file',
  args: {},
  status: 'ok',
  result: 'x',
})
const done = (n: number, seq: number): Item => ({
  type: 'event',
  id: itemId(n),
  seq,
  runId,
  createdAt: 1,
  finishedAt: 1,
  event: 'run_completed',
  text: '',
})

/** A hub as one process has it; `kept` outlives it. */
function hub(kept: Item[]) {
  return createSessionEvents({
    itemsBetween: async (_id, after, upTo) => kept.filter((item) => item.seq > after && item.seq <= upTo),
    lastSeq: async () => kept.at(-1)?.seq ?? 0,
  })
}

const told = (sent: SentEvent[]) => sent.map(({ event }) => (event.type === 'text' ? event.text : event.type))

/** Everything a run says, in one life of the server. */
function speak(events: ReturnType<typeof hub>, kept: Item[]) {
  const store = (item: Item) => {
    kept.push(item)
    events.stored(session, [item])
  }
  events.emit(session, text(1, 'Hel'))
  events.emit(session, text(1, 'lo'))
  store(message(1, 1, 'Hello'))
  events.emit(session, { type: 'tool_call', runId, itemId: itemId(2), stepId, name: 'read_file', args: {} })
  store(call(2, 2))
  events.emit(session, text(3, 'By'))
  store(message(3, 3, 'Bye'))
  store(done(4, 4))
}

test('a reader that comes back after any event misses nothing and gets nothing twice', async () => {
  const kept: Item[] = []
  const events = hub(kept)
  const all: SentEvent[] = []
  await events.subscribe(session, null, (sent) => all.push(sent))
  speak(events, kept)
  expect(told(all)).toEqual(['Hel', 'lo', 'tool_call', 'tool_call_result', 'By', 'e', 'complete'])
  for (const [index, { id }] of all.entries()) {
    const rest: SentEvent[] = []
    await events.subscribe(session, id, (sent) => rest.push(sent))
    expect(told(rest)).toEqual(told(all.slice(index + 1)))
    // The same after a restart: derived from what is stored, less what was sent.
    const derived: SentEvent[] = []
    await hub(kept).subscribe(session, id, (sent) => derived.push(sent))
    expect(told(derived).join('').replace('ByeBy', 'Bye')).toBe(told(all.slice(index + 1)).join(''))
    for (const [at, { id: middle }] of derived.entries()) {
      const again: SentEvent[] = []
      await hub(kept).subscribe(session, middle, (sent) => again.push(sent))
      expect(told(again)).toEqual(told(derived.slice(at + 1)))
    }
  }
})

test('after a restart a reader gets what is under way as far as it is, less what it had', async () => {
  const kept: Item[] = [message(1, 1, 'Hello')]
  const before = hub(kept)
  const had: SentEvent[] = []
  await before.subscribe(session, null, (sent) => had.push(sent))
  before.stored(session, kept)
  const events = hub(kept)
  events.stored(session, kept)
  events.emit(session, text(5, 'Now'))
  const rest: SentEvent[] = []
  await events.subscribe(session, had.at(-1)?.id, (sent) => rest.push(sent))
  events.emit(session, text(5, ' more'))
  expect(told(rest)).toEqual(['Now', ' more'])
})

test('what is no id of ours begins with what is new', async () => {
  const events = hub([message(1, 1, 'Hello')])
  const got: SentEvent[] = []
  for (const bad of ['', 'x', '1.2', 'a.b.c', `a.1.2.${'itm'.repeat(9000)}`, 'a.1.2.itm_x~1'])
    await events.subscribe(session, bad, (sent) => got.push(sent))
  expect(got).toEqual([])
})
