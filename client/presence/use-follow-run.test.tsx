import { act, fireEvent, render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'
import type { RunId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { RunState } from '#shared/runs/schema.ts'
import { builder, ids } from '../testing.tsx'
import FollowChip from './follow-chip.tsx'
import { useFollowRun, writesInWorkspace } from './use-follow-run.ts'

const aRun = (causedBy: UserId = ids.ada, change: Partial<RunState> = {}): RunState => ({
  id: newId<RunId>('run'),
  sessionId: ids.session,
  agentId: builder.id,
  agentName: 'Builder',
  causedBy: { id: causedBy, name: 'Somebody' },
  status: 'running',
  waitingFor: null,
  activity: null,
  turn: 1,
  usage: { inputTokens: 0, outputTokens: 0, contextTokens: 0, budgetUsedPct: 0 },
  error: null,
  createdAt: 1,
  startedAt: 1,
  endedAt: null,
  ...change,
})

/** Ada's room: her message on the one side, the workspace on the other. */
function Room({ run, wide = true, followsOther = false }: { run: RunState | undefined; wide?: boolean; followsOther?: boolean }) {
  const { followed, offered, touch, toggle } = useFollowRun(run, { wide, me: ids.ada, followsOther })
  return (
    <>
      <textarea aria-label="Message" />
      <div data-workspace>
        <input aria-label="Editor" />
        <button type="button">A tab</button>
        {offered && <FollowChip run={offered} on={followed !== undefined} onToggle={toggle} />}
      </div>
      <button type="button" onClick={touch}>
        A link
      </button>
      <p>{followed ? 'follows' : 'alone'}</p>
    </>
  )
}
const says = () => screen.getByText(/^(follows|alone)$/).textContent

test('the room follows a run while Ada only writes messages; a press in the workspace ends it', async () => {
  const user = userEvent.setup()
  render(<Room run={aRun()} />)
  expect(says()).toBe('follows')
  await user.type(screen.getByRole('textbox', { name: 'Message' }), 'make it blue')
  expect(says()).toBe('follows')
  await user.click(screen.getByRole('button', { name: 'A tab' }))
  expect(says()).toBe('alone')
  await user.click(screen.getByRole('button', { name: 'Follow Builder' }))
  expect(says()).toBe('follows')
})

test('a wheel, a key and what is opened from elsewhere are Ada’s own as well', () => {
  for (const does of [
    () => fireEvent.wheel(screen.getByRole('button', { name: 'A tab' })),
    () => fireEvent.keyDown(screen.getByRole('textbox', { name: 'Editor' }), { key: 'x' }),
    () => fireEvent.click(screen.getByRole('button', { name: 'A link' })),
  ]) {
    const { unmount } = render(<Room run={aRun()} />)
    expect(says()).toBe('follows')
    act(() => void does())
    expect(says()).toBe('alone')
    unmount()
  }
})

test('her next task is followed again, somebody else’s is not; what she stopped with the button stays stopped', async () => {
  const user = userEvent.setup()
  const { rerender } = render(<Room run={aRun()} />)
  await user.click(screen.getByRole('button', { name: 'A tab' }))
  rerender(<Room run={aRun(ids.mei)} />)
  expect(says()).toBe('alone')
  rerender(<Room run={aRun(ids.ada)} />)
  expect(says()).toBe('follows')
  await user.click(screen.getByRole('button', { name: 'Following Builder' }))
  rerender(<Room run={aRun(ids.ada)} />)
  expect(says()).toBe('alone')
})

test('who joins in the midst of a run follows it, to its end, and no run that is over already', () => {
  const run = aRun(ids.mei)
  const { rerender } = render(<Room run={run} />)
  expect(says()).toBe('follows')
  // One moment more, to go to what it made.
  rerender(<Room run={{ ...run, status: 'completed' }} />)
  expect(says()).toBe('follows')
  expect(screen.queryByRole('button', { name: /Builder/ })).toBeNull()
  rerender(<Room run={aRun(ids.mei, { status: 'completed' })} />)
  expect(says()).toBe('alone')
})

test('on a narrow screen, and while Ada goes with somebody, nothing is followed or offered', () => {
  const run = aRun()
  const { rerender } = render(<Room run={run} wide={false} />)
  expect([says(), screen.queryByRole('button', { name: /Builder/ })]).toEqual(['alone', null])
  rerender(<Room run={run} followsOther />)
  expect([says(), screen.queryByRole('button', { name: /Builder/ })]).toEqual(['alone', null])
})

test('a text in the workspace that has the focus is being written', () => {
  render(<Room run={undefined} />)
  act(() => screen.getByRole('textbox', { name: 'Message' }).focus())
  expect(writesInWorkspace()).toBe(false)
  act(() => screen.getByRole('textbox', { name: 'Editor' }).focus())
  expect(writesInWorkspace()).toBe(true)
})
