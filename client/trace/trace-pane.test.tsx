import { act, render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import type { RunState } from '#shared/runs/schema.ts'
import { sessionItems, sessionStates } from '#shared/sessions/doc.ts'
import type { Item } from '#shared/sessions/items.ts'
import { knownModels } from '../api/models.ts'
import { anApproval, builder, ids } from '../testing.tsx'
import TracePane from './trace-pane.tsx'
import { barOf } from './steps.ts'

const at = 1_700_000_000_000
const run: RunState = {
  id: ids.run,
  sessionId: ids.session,
  agentId: builder.id,
  agentName: 'Builder',
  causedBy: { id: ids.ada, name: 'Ada' },
  status: 'completed',
  waitingFor: null,
  activity: null,
  turn: 1,
  usage: { inputTokens: 1, outputTokens: 1, contextTokens: 1, budgetUsedPct: 0 },
  error: null,
  createdAt: at,
  startedAt: at,
  endedAt: at + 100_000,
}
const items: Item[] = [
  { type: 'message', id: ids.item(1), seq: 1, runId: ids.run, author: builder, text: 'Hello', createdAt: at, finishedAt: at + 10_000 },
  {
    type: 'approval',
    id: ids.item(2),
    seq: 2,
    runId: ids.run,
    createdAt: at + 20_000,
    finishedAt: at + 20_000,
    approval: anApproval(),
    status: 'pending',
  },
  {
    type: 'tool_call',
    id: ids.item(3),
    seq: 3,
    runId: ids.run,
    stepId: ids.step,
    author: builder,
    name: 'run_command',
    args: { command: 'npm test' },
    status: 'failed',
    approvalId: ids.approval,
    createdAt: at + 20_000,
    startedAt: at + 80_000,
    finishedAt: at + 92_000,
  },
]

function show() {
  const doc = new Y.Doc()
  const onItem = vi.fn<(id: string) => void>()
  render(<TracePane doc={doc} nameOf={(call) => ({ title: call.name, subject: (call.args as { command: string }).command })} onItem={onItem} />)
  return { doc, onItem }
}

test('a run is its steps with how long each took; the time of people is theirs', async () => {
  const { doc, onItem } = show()
  expect(screen.getByText('No runs yet')).toBeDefined()
  act(() =>
    doc.transact(() => {
      sessionItems(doc).push(items)
      sessionStates(doc).set(ids.run, run)
      sessionStates(doc).set(ids.item(2), { status: 'approved', args: {}, votes: [], decidedAt: at + 80_000 })
    }),
  )
  expect(screen.getAllByRole('button').map((row) => row.textContent)).toEqual([
    'Model done, 10 s',
    'Approval: Run a shell commandwaited for people, 1:00',
    'run_command npm testfailed, 12 s',
  ])
  screen.getAllByRole('button')[0]?.focus()
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}')
  expect(onItem.mock.calls).toEqual([[ids.item(3)]])
})

test('a request whose arguments were edited is named by those it has now', () => {
  const { doc } = show()
  act(() =>
    doc.transact(() => {
      sessionItems(doc).push(items)
      sessionStates(doc).set(ids.run, run)
      sessionStates(doc).set(ids.item(2), { status: 'pending', args: {}, title: 'Run ls build', votes: [], decidedAt: null })
    }),
  )
  expect(screen.getByText(/Run ls build/)).toBeDefined()
  expect(screen.queryByText(/Run a shell command/)).toBeNull()
})

test('who answered is named: by the run, and by each answer, which another may have given', () => {
  const { doc } = show()
  act(() =>
    doc.transact(() => {
      sessionItems(doc).push(items.map((item) => (item.type === 'message' ? { ...item, model: 'small' } : item)))
      sessionStates(doc).set(ids.run, { ...run, model: 'large' })
    }),
  )
  expect(screen.getByText('with large')).toBeDefined()
  expect(screen.getAllByRole('button')[0]?.textContent).toBe('Model smalldone, 10 s')
  act(() => knownModels.set([{ id: 'small', name: 'The small one', isDefault: true }]))
  expect(screen.getAllByRole('button')[0]?.textContent).toContain('The small one')
  act(() => knownModels.set([]))
})

test('the newest run shows by itself, and another can be chosen', async () => {
  const { doc } = show()
  const earlier = {
    ...run,
    id: ids.run.replace(/1$/, '9') as RunState['id'],
    startedAt: at - 900_000,
    createdAt: at - 900_000,
    endedAt: at - 800_000,
  }
  act(() =>
    doc.transact(() => {
      sessionItems(doc).push(items)
      sessionStates(doc).set(ids.run, run)
      sessionStates(doc).set(earlier.id, earlier)
    }),
  )
  const choice = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Run' })
  expect(choice.value).toBe(ids.run)
  await userEvent.selectOptions(choice, earlier.id)
  expect(screen.getByText('This run has no recorded steps.')).toBeDefined()
})

test('bars lie where they began, and what is short is still to be seen', () => {
  expect(barOf({ from: 25, to: 75 }, { from: 0, to: 100 })).toEqual({ left: 25, width: 50 })
  expect(barOf({ from: 50, to: null }, { from: 0, to: 100 })).toEqual({ left: 50, width: 50 })
  expect(barOf({ from: 100, to: 100 }, { from: 0, to: 100 })).toEqual({ left: 99.6, width: 0.4 })
})
