import { expect, test } from 'vitest'
import type { SessionId } from '#shared/base/ids.ts'
import { ids } from '../testing.tsx'
import { noticeKinds, step, type Notice, type NoticeInput, type NoticeState } from './transition.ts'

const elsewhere = 'ses_elsewhere' as SessionId
const place = { projectId: ids.project, project: 'Tides', sessionId: ids.session, session: 'Moon', at: 1 }
const mention: Notice = { kind: 'mention', id: ids.item(1), ...place, by: 'Mei', text: '@Ada look' }
const request: Notice = { kind: 'request', id: ids.approval, ...place, text: 'Run a command' }
const failed: Notice = {
  kind: 'run',
  id: ids.run,
  ...place,
  sessionId: elsewhere,
  runId: ids.run,
  agentId: 'builder' as never,
  outcome: 'failed',
}

const input = (notices: readonly Notice[], change: Partial<NoticeInput> = {}): NoticeInput => ({
  notices,
  looking: undefined,
  wanted: noticeKinds,
  ...change,
})
const known: NoticeState = { seen: [], met: [] }
const names = (notices: readonly Notice[]) => notices.map(({ kind }) => kind)

test.each<{ name: string; state: NoticeState; input: NoticeInput; waiting: string[]; fresh: string[]; over: string[] }>([
  {
    name: 'in a browser first used, what was before is no news',
    state: { seen: undefined, met: undefined },
    input: input([mention]),
    waiting: [],
    fresh: [],
    over: [],
  },
  {
    name: 'a page that is opened counts what was not seen, and shows nothing of it',
    state: { seen: [], met: undefined },
    input: input([mention]),
    waiting: ['mention'],
    fresh: [],
    over: [],
  },
  {
    name: 'what comes is counted and shown',
    state: known,
    input: input([mention, request, failed]),
    waiting: ['mention', 'request', 'run'],
    fresh: ['mention', 'request', 'run'],
    over: [],
  },
  {
    name: 'each is shown once, and counted until it is seen',
    state: { seen: [], met: [mention.id] },
    input: input([mention]),
    waiting: ['mention'],
    fresh: [],
    over: [],
  },
  {
    name: 'what happens in front of one’s eyes is neither',
    state: known,
    input: input([mention, failed], { looking: ids.session }),
    waiting: ['run'],
    fresh: ['run'],
    over: [],
  },
  {
    name: 'looking at the session ends what is shown of it',
    state: { seen: [], met: [mention.id, failed.id] },
    input: input([mention, failed], { looking: ids.session }),
    waiting: ['run'],
    fresh: [],
    over: [mention.id],
  },
  {
    name: 'what was seen in another tab ends here',
    state: { seen: [mention.id], met: [mention.id] },
    input: input([mention]),
    waiting: [],
    fresh: [],
    over: [mention.id],
  },
  {
    name: 'a request that somebody else decided ends',
    state: { seen: [], met: [request.id] },
    input: input([]),
    waiting: [],
    fresh: [],
    over: [request.id],
  },
  {
    name: 'a kind that is switched off is not told',
    state: known,
    input: input([mention, request], { wanted: ['request'] }),
    waiting: ['request'],
    fresh: ['request'],
    over: [],
  },
])('$name', ({ state, input: given, waiting, fresh, over }) => {
  const next = step(state, given)
  expect(names(next.waiting)).toEqual(waiting)
  expect(names(next.fresh)).toEqual(fresh)
  expect(next.over).toEqual(over)
})

test('nothing comes back: seen once, it stays seen when the session is left', () => {
  const looked = step(known, input([mention], { looking: ids.session }))
  const left = step(looked.state, input([mention]))
  expect(left.waiting).toEqual([])
  expect(left.state.seen).toBe(looked.state.seen)
})

test('ids of the past are not kept without end', () => {
  const many = Array.from({ length: 500 }, (_, at) => ({ ...mention, id: `itm_${at}` as never }))
  const { state } = step(known, input(many, { looking: ids.session }))
  expect(state.seen).toHaveLength(400)
  expect(state.seen?.at(-1)).toBe('itm_499')
})
