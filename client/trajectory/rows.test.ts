import { expect, test } from 'vitest'
import type { RunId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Item, ToolCallItem } from '#shared/sessions/items.ts'
import { presented } from '#server/testing/presented.ts'
import { ada, anApproval, builder, ids, mei } from '../testing.tsx'
import { makersByRun } from './makers.ts'
import { itemsOf, rowsOf, tookOf, type RowOptions } from './rows.ts'

const noon = new Date(2026, 10, 20, 12).getTime()
const at = (seq: number) => ({ id: ids.item(seq), seq, createdAt: noon + seq * 1000, finishedAt: noon + seq * 1000 })
const message = (seq: number, author: typeof ada | typeof mei | typeof builder, extra = {}): Item => ({
  ...at(seq),
  type: 'message',
  author,
  text: `m${seq}`,
  ...extra,
})
const tool = (seq: number, extra: Partial<ToolCallItem> = {}) =>
  presented<ToolCallItem>({
    ...at(seq),
    type: 'tool_call',
    runId: ids.run,
    stepId: ids.step,
    author: builder,
    name: 'read_file',
    args: {},
    status: 'ok',
    ...extra,
  })
const event = (seq: number): Item => ({ ...at(seq), type: 'event', event: 'run_started', text: 'Builder started.' })
const shape = (items: Item[], options?: RowOptions) =>
  rowsOf(items, [], options).map((row) => {
    if (row.kind === 'day' || row.kind === 'new' || row.kind === 'made') return row.kind
    const what = row.kind === 'group' ? `[${row.items.map((item) => item.seq).join(' ')}]` : row.item.seq
    return `${what}${row.head ? ' head' : ''}${row.joinAbove ? ' ^' : ''}${row.joinBelow ? ' v' : ''}`
  })

test('what a run made stands before the line that it ended with, and of a run that made nothing there is none', () => {
  const ended: Item = { ...event(3), event: 'run_completed', runId: ids.run } as Item
  const wrote = tool(1, { name: 'write_file', result: { path: 'index.html' } })
  const command = tool(1, { name: 'run_command', result: { exitCode: 0, output: '' } })
  const makers = (items: Item[]) => ({ makers: (runId: RunId) => makersByRun(items, items).get(runId) })
  for (const [call, row] of [
    [wrote, ['made']],
    [tool(1, { name: 'run_command', result: { exitCode: 0, files: ['a.png'] } }), ['made']],
    // A figure stands large in its step; a file of a program's does not.
    [tool(1, { name: 'run_python', result: { figures: [{}] } }), []],
    [tool(1, { name: 'run_python', result: { figures: [{}], files: ['a.csv'] } }), ['made']],
    [tool(1, { name: 'run_python', result: { figures: [{}, {}, {}, {}, {}] } }), ['made']],
    [command, []],
    [tool(1), []],
    [tool(1, { name: 'write_file', status: 'failed' }), []],
  ] as const) {
    const items = [call, message(2, builder), ended]
    expect(shape(items, makers(items))).toEqual(['day', '1 head', '2', ...row, '3'])
  }
  // While it goes on there is no end to stand before.
  expect(shape([wrote], makers([wrote]))).toEqual(['day', '1 head'])
})

test('of a run, the last picture of the desktop is marked to be seen, and moves on with the next', () => {
  const seen = (seq: number, extra: Partial<ToolCallItem> = {}) => tool(seq, { name: 'computer', artifactId: newId('art'), ...extra })
  const marked = (...items: Item[]) => rowsOf(items, []).flatMap((row) => ('screen' in row ? row.key : []))
  const [first, second] = [seen(1), seen(3)]
  expect(marked(first)).toEqual([first.id])
  expect(marked(first, message(2, builder), second)).toEqual([second.id])
  expect(marked(first, message(2, builder), seen(3, { runId: newId('run') }))).toHaveLength(2)
  expect(marked(first, message(2, builder), tool(3), { ...second, id: ids.item(4), seq: 4 })).toEqual([`group ${ids.item(3)}`])
})

test('an author is named once for what they do in a row, and calls that went well fold into one line', () => {
  expect(shape([message(1, ada), event(2), message(3, builder), tool(4), tool(5), message(6, builder), message(7, mei)])).toEqual([
    'day',
    '1 head',
    '2',
    '3 head',
    '[4 5]',
    '6',
    '7 head',
  ])
})

test('what failed, waits or runs stands for itself, in the same frame', () => {
  const failed = tool(4, { status: 'failed', error: { code: 'x', message: 'no' } })
  const badExit = tool(7, { name: 'run_command', result: { exitCode: 1 } })
  const asked = tool(8, { status: 'waiting', approvalId: ids.approval })
  expect(shape([message(1, builder), tool(2), tool(3), failed, tool(5), tool(6), badExit, asked, tool(9, { status: 'running' })])).toEqual([
    'day',
    '1 head',
    '[2 3] v',
    '4 ^ v',
    '[5 6] ^ v',
    '7 ^ v',
    '8 ^ v',
    '9 ^',
  ])
})

test('what a run changes stays in view until it has ended', () => {
  const calls = [message(1, builder), tool(2, { name: 'edit_file' }), tool(3, { name: 'run_command' }), tool(4)]
  expect(shape(calls, { isActive: () => true })).toEqual(['day', '1 head', '2 v', '[3 4] ^'])
  expect(shape(calls, { isActive: () => false })).toEqual(['day', '1 head', '[2 3 4]'])
})

const request = (seq: number): Item => ({ ...at(seq), type: 'approval', approval: anApproval(), status: 'pending' })

test('a request and the call it is for are one row: the request while it waits, the call like any other once it was decided', () => {
  const calls = [message(1, builder), tool(2), request(3), tool(4, { name: 'run_command', approvalId: ids.approval }), tool(5)]
  const approved = { approvalStatus: () => 'approved' as const }
  expect(shape(calls)).toEqual(['day', '1 head', '2', '4', '5'])
  expect(rowsOf(calls, []).find((row) => row.kind === 'item' && row.item.seq === 4)).toMatchObject({ asks: true })
  expect(shape(calls, { ...approved, isActive: () => true })).toEqual(['day', '1 head', '2 v', '4 ^ v', '5 ^'])
  expect(shape(calls, approved)).toEqual(['day', '1 head', '[2 4 5]'])
  const group = rowsOf(calls, [], approved).at(-1)
  expect(group?.kind === 'group' && itemsOf(group).map((item) => item.seq)).toEqual([2, 4, 5, 3])
})

test.each(['denied', 'expired', 'cancelled'] as const)('a request that is %s is the call that did not run', (status) => {
  const calls = [message(1, builder), request(2), tool(3, { status: 'denied', approvalId: ids.approval })]
  const rows = rowsOf(calls, [], { approvalStatus: () => status })
  expect(rows.map((row) => row.kind)).toEqual(['day', 'item', 'item'])
  const last = rows.at(-1)
  expect(last?.kind === 'item' && [last.asks, itemsOf(last).map((item) => item.seq)]).toEqual([undefined, [3, 2]])
})

test('a request that holds for a run stands with its own call, and allows those after it', () => {
  const own = tool(3, { name: 'computer', approvalId: ids.approval })
  const later = tool(4, { name: 'computer', approvalId: ids.approval, stepId: ids.step.replace(/1$/, '2') as typeof ids.step })
  const rows = rowsOf([message(1, builder), request(2), own, later], [], { approvalStatus: () => 'approved', isActive: () => true })
  expect(rows.flatMap((row) => (row.kind === 'item' ? [[itemsOf(row).map((item) => item.seq), row.approvals.length]] : []))).toEqual([
    [[1], 0],
    [[3, 2], 1],
    [[4], 1],
  ])
  // A later call never shows the request of another one as its own.
  expect(rowsOf([message(1, builder), request(2), own, later], []).map((row) => row.kind === 'item' && row.asks)).toEqual([
    false,
    undefined,
    true,
    undefined,
  ])
})

test('a request whose call is not at hand stays, whatever became of it', () => {
  expect(shape([message(1, builder), request(2)], { approvalStatus: () => 'approved' })).toEqual(['day', '1 head', '2'])
})

test('what is suggested to people is not a step among others', () => {
  expect(shape([message(1, builder), tool(2), tool(3), tool(4, { name: 'ui_open_tab', args: { tab: 'preview' } })])).toEqual([
    'day',
    '1 head',
    '[2 3] v',
    '4 ^',
  ])
})

test('a message with another mode or addressee is headed again, so that its badge is its own', () => {
  expect(shape([message(1, ada), message(2, ada), message(3, ada, { mode: 'steer' }), message(4, ada, { to: 'people' })])).toEqual([
    'day',
    '1 head',
    '2',
    '3 head',
    '4 head',
  ])
})

test('a new day is said', () => {
  const next: Item = { ...message(2, ada), createdAt: noon + 86_400_000 }
  expect(shape([message(1, ada), next])).toEqual(['day', '1 head', 'day', '2 head'])
})

test('the line of what is new stands before the first item that was not read, once', () => {
  const all = [message(1, ada), message(2, mei), message(3, mei), message(4, mei)]
  expect(shape(all, { readUpTo: 2 })).toEqual(['day', '1 head', '2 head', 'new', '3 head', '4'])
  expect(shape(all, { readUpTo: 4 })).toEqual(['day', '1 head', '2 head', '3', '4'])
  // What was read is not drawn: there is no place for the line.
  expect(shape(all.slice(2), { readUpTo: 1 })).toEqual(['day', '3 head', '4'])
})

test('an item that has finished is not shown a second time while it is still live', () => {
  const finished = message(1, builder)
  const live = { item: { ...finished, seq: 0 }, text: undefined } as never
  expect(rowsOf([finished], [live]).filter((row) => row.kind === 'item')).toHaveLength(1)
})

test('a call took the time that it ran, not the time that people thought about it', () => {
  const asked = tool(1, { approvalId: ids.approval, createdAt: 0, startedAt: 60_000, finishedAt: 61_500 })
  expect(tookOf(asked, 0)).toBe(1500)
  const { startedAt: _, ...older } = asked
  expect(tookOf(older, 0)).toBeUndefined()
  expect(tookOf(tool(1, { status: 'running', createdAt: 0, startedAt: 10, finishedAt: null }), 25)).toBe(15)
  expect(tookOf(tool(1, { status: 'queued', createdAt: 0, finishedAt: null }), 25)).toBeUndefined()
})
