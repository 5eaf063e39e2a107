import { act, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeAll, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { sessionStates } from '#shared/sessions/doc.ts'
import type { Item } from '#shared/sessions/items.ts'
import { presented } from '#server/testing/presented.ts'
import { ada, anApproval, builder, ids, renderWithQueries } from '../testing.tsx'
import type { RowContext } from './row-context.ts'
import { RowView } from './row-view.tsx'
import { ToolBody } from './tool-call-view.tsx'
import { rowContext } from './testing/row-context.ts'

beforeAll(async () => void (await ToolBody.load()))

const base = { id: ids.item(1), seq: 1, createdAt: 1000, finishedAt: 3500 }

function show(given: Item, change: Partial<RowContext> = {}, live?: { text: Y.Text; args?: Y.Text }) {
  const item = presented(given)
  const doc = new Y.Doc()
  const context = rowContext({ doc, renderApproval: () => <p>the card</p>, ...change })
  const row = {
    kind: 'item' as const,
    key: item.id,
    item,
    live: live && { item, ...live },
    approvals: [],
    head: true,
    joinAbove: false,
    joinBelow: false,
  }
  return { ...renderWithQueries(<RowView row={row} context={context} />), doc: context.doc }
}

test('a message says who, how and what', () => {
  show({ ...base, type: 'message', author: ada, text: 'Keep the **latest** copy.', mode: 'steer', to: 'agent' })
  expect(screen.getByText('Ada')).toBeDefined()
  expect(screen.getByText('Steer')).toBeDefined()
  expect(screen.getByText('latest').tagName).toBe('STRONG')
})

test('a message that was cut off says so', () => {
  show({ ...base, type: 'message', author: builder, text: 'Half a sen', interrupted: true })
  expect(screen.getByText('Cut off here')).toBeDefined()
})

test('a message being streamed grows as its text does', async () => {
  const text = new Y.Doc().getText('t')
  text.insert(0, 'Reading')
  show({ ...base, type: 'message', author: builder, text: '', finishedAt: null }, {}, { text })
  text.insert(7, ' the export')
  expect(await screen.findByText('Reading the export')).toBeDefined()
})

test('a command shows what ran, how it ended and, opened, what it printed', async () => {
  show({
    ...base,
    type: 'tool_call',
    stepId: ids.step,
    author: builder,
    name: 'run_command',
    args: { command: 'pytest -q' },
    status: 'ok',
    output: '6 passed',
    result: { exitCode: 0 },
  })
  const row = screen.getByRole('button', { expanded: false })
  expect(row.textContent).toContain('Shell')
  expect(row.textContent).toContain('pytest -q')
  expect(row.textContent).toContain('2.5 s')
  await userEvent.click(row)
  expect(screen.getByText('6 passed')).toBeDefined()
})

test('a failure stays open', () => {
  show({
    ...base,
    type: 'tool_call',
    stepId: ids.step,
    author: builder,
    name: 'run_command',
    args: { command: 'false' },
    status: 'failed',
    error: { code: 'failed', message: 'It ended with 1.' },
    result: { exitCode: 1 },
  })
  expect(screen.getByRole('button', { expanded: true }).textContent).toContain('exit 1')
  expect(screen.getByText('It ended with 1.')).toBeDefined()
})

test('an edit shows its lines', () => {
  show({
    ...base,
    type: 'tool_call',
    stepId: ids.step,
    author: builder,
    name: 'edit_file',
    args: { path: 'clean.py', old: 'a\nb\n', new: 'a\nc\n' },
    status: 'ok',
  })
  expect(screen.getByRole('group', { name: 'Change' }).textContent).toContain('−b')
  expect(screen.getByText('+1')).toBeDefined()
})

test('the output of a running command is appended as it comes', async () => {
  const text = new Y.Doc().getText('t')
  show(
    {
      ...base,
      type: 'tool_call',
      stepId: ids.step,
      author: builder,
      name: 'run_command',
      args: { command: 'make' },
      status: 'running',
      finishedAt: null,
    },
    {},
    { text },
  )
  text.insert(0, 'one\n')
  text.insert(4, 'two\n')
  await waitFor(() => expect(screen.getByRole('group', { name: 'Output' }).textContent).toBe('one\ntwo\n'))
})

test('a question is answered from its options, and shows the answer that the room agreed on', async () => {
  const item: Item = {
    ...base,
    type: 'question',
    author: builder,
    questions: [{ id: 'q1', text: 'Which copy?', options: ['First', 'Last'] }],
    status: 'open',
  }
  const sent = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(() => Promise.resolve(new Response(null, { status: 204 })))
  vi.stubGlobal('fetch', sent)
  const { doc } = show(item)
  expect((await screen.findByRole<HTMLButtonElement>('button', { name: 'Answer' })).disabled).toBe(true)
  await userEvent.click(screen.getByRole('button', { name: 'Last' }))
  await userEvent.click(screen.getByRole('button', { name: 'Answer' }))
  expect(JSON.parse(sent.mock.calls[0]?.[1].body as string)).toEqual({ answers: [{ id: 'q1', text: 'Last' }] })
  act(() => {
    sessionStates(doc).set(item.id, { status: 'answered', answers: [{ id: 'q1', text: 'Last' }], answeredBy: { id: ids.mei, name: 'Mei' } })
  })
  expect(screen.getByText('Answered by Mei')).toBeDefined()
  vi.unstubAllGlobals()
})

test('who may not answer is told so', async () => {
  show({ ...base, type: 'question', author: builder, questions: [{ id: 'q1', text: 'Which copy?' }], status: 'open' }, { mayAct: false })
  expect(await screen.findByText('Only editors can answer.')).toBeDefined()
})

test('approvals are drawn by whom the page says, and events are one line', () => {
  show({ ...base, type: 'approval', approval: anApproval(), status: 'pending' })
  expect(screen.getByText('the card')).toBeDefined()
  show({
    ...base,
    id: ids.item(2),
    type: 'event',
    event: 'run_failed',
    text: 'The run failed.',
    error: { code: 'model_failed', message: 'The key was refused.' },
  })
  expect(screen.getByText('The key was refused.')).toBeDefined()
})

const request = { ...base, id: ids.item(7), seq: 7, type: 'approval' as const, approval: anApproval(), status: 'pending' as const }
const waitingCall = {
  ...base,
  type: 'tool_call' as const,
  stepId: ids.step,
  author: builder,
  name: 'run_command',
  args: { command: 'rm -r build' },
  status: 'waiting' as const,
  approvalId: ids.approval,
}

function showCall(given: Item, asks: boolean, status?: object) {
  const item = presented(given)
  const doc = new Y.Doc()
  if (status) sessionStates(doc).set(request.id, status)
  const renderApproval = vi.fn<RowContext['renderApproval']>((_item, _doc, as) => <p>{`the request as ${as}`}</p>)
  const joined = { head: false, joinAbove: false, joinBelow: false }
  const row = { kind: 'item' as const, key: item.id, item, live: undefined, approvals: [request], ...(asks && { asks }), ...joined }
  return renderWithQueries(<RowView row={row} context={rowContext({ doc, renderApproval })} />)
}

test('a call that waits for people is their request: one card, that keys act on', () => {
  showCall(waitingCall, true)
  expect(screen.getByText('the request as card')).toBeDefined()
  expect(screen.queryByRole('button', { name: /rm -r build/ })).toBeNull()
  expect(screen.getByRole('group', { name: /Run a shell command/ }).dataset).toMatchObject({
    approvalId: ids.approval,
    items: `${ids.item(1)} ${ids.item(7)}`,
  })
})

test('a decided request is its step: who allowed it, for how long, or who refused it and why', () => {
  const vote = { by: ids.ada, name: 'Ada', at: 5 }
  const approved = { status: 'approved', args: {}, votes: [{ ...vote, decision: 'approve' }], decidedAt: 5 }
  const own = showCall({ ...waitingCall, status: 'ok' }, false, approved)
  expect(screen.getByRole('button', { name: /rm -r build/ }).textContent).toContain('approved by Ada')
  own.unmount()
  const later = showCall({ ...waitingCall, status: 'ok', stepId: ids.step.replace(/1$/, '2') as typeof ids.step }, false, approved)
  expect(screen.getByRole('button', { name: /rm -r build/ }).textContent).toContain('allowed for this run by Ada')
  later.unmount()
  const denied = { status: 'denied', args: {}, votes: [{ ...vote, decision: 'deny', reason: 'Too wide' }], decidedAt: 5 }
  showCall({ ...waitingCall, status: 'denied', error: { code: 'denied', message: 'Ada denied it: Too wide' } }, false, denied)
  expect(screen.getByRole('button', { name: /rm -r build/ }).textContent).toContain('denied by Ada: Too wide')
})

test('a vote that a key gave names the key in its step', () => {
  const votes = [{ by: ids.ada, name: 'Ada', at: 5, decision: 'approve', key: 'CI' }]
  showCall({ ...waitingCall, status: 'ok' }, false, { status: 'approved', args: {}, votes, decidedAt: 5 })
  expect(screen.getByRole('button', { name: /rm -r build/ }).textContent).toContain('approved by Ada, by the key “CI”')
})

test('a row is called by what its request is now', () => {
  showCall(waitingCall, true, { status: 'pending', args: { command: 'ls build' }, title: 'Run ls build', votes: [], decidedAt: null })
  expect(screen.getByRole('group', { name: /Run ls build/ })).toBeDefined()
})

test('what nobody decided in time stands open, so that it can be asked for again', () => {
  showCall({ ...waitingCall, status: 'denied', error: { code: 'expired', message: 'Nobody decided in time.' } }, false)
  expect(screen.getByText('the request as call')).toBeDefined()
})
