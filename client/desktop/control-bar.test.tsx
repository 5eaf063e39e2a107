import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import type { AgentId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { noControl } from '#shared/desktop/schema.ts'
import type { Controller, DesktopControl } from '#shared/desktop/schema.ts'
import type { Role } from '#shared/projects/schema.ts'
import { renderWithQueries } from '../testing.tsx'
import { ControlBar } from './control-bar.tsx'

const [ada, mei] = ['Ada', 'Mei'].map((name): Controller => ({ kind: 'user', id: newId<UserId>('usr'), name })) as [Controller, Controller]
const builder: Controller = {
  kind: 'agent',
  id: 'builder' as AgentId,
  name: 'Builder',
  runId: newId<RunId>('run'),
  sessionId: newId<SessionId>('ses'),
}

/** The bar as Ada sees it. */
function show(control: Partial<DesktopControl>, { role = 'editor' as Role, movedAt = 0 } = {}) {
  const full = { ...noControl, ...control }
  const asked = full.requests.find(({ by }) => by.id === ada.id)
  const send = vi.fn<(action: string, to?: string) => Promise<void>>(async () => undefined)
  renderWithQueries(
    <ControlBar
      state={{ control: full, mine: full.holder?.id === ada.id, asked, others: full.requests.filter((one) => one !== asked), busy: null, send }}
      role={role}
      mayControl={role !== 'viewer'}
      movedAt={() => movedAt}
      tools={null}
    />,
  )
  return send
}
const held = (holder: Controller, movedAt: number) => ({ holder, since: movedAt, movedAt, idleAt: Date.now() + 60_000 })
const names = () => screen.queryAllByRole('button').map((button) => button.textContent)

test('nobody has control: it is one press away, and watchers are told whom to ask', async () => {
  const send = show({})
  expect(screen.getByText('Nobody has control')).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'Take control' }))
  expect(send).toHaveBeenCalledWith('request')
})

test('watchers have no buttons', () => {
  show({}, { role: 'viewer' })
  expect(screen.getByText('You can watch')).toBeTruthy()
  expect(names()).toEqual([])
})

test('an editor asks somebody who is at work, and takes over from somebody who is still', () => {
  show(held(mei, Date.now()))
  expect(names()).toEqual(['Request control'])
})

test('an owner who takes over from somebody who just moved is asked once more', async () => {
  const send = show(held(mei, Date.now() - 30_000), { role: 'owner', movedAt: Date.now() })
  await userEvent.click(screen.getByRole('button', { name: 'Take over' }))
  expect(send).not.toHaveBeenCalled()
  const dialog = await screen.findByRole('dialog')
  await userEvent.click([...dialog.querySelectorAll('button')].find((button) => button.textContent === 'Take over') as HTMLElement)
  expect(send).toHaveBeenCalledWith('take_over')
})

test('an agent can be paused or taken over from at once', async () => {
  const send = show(held(builder, Date.now()))
  expect(names()).toEqual(['Pause', 'Take over'])
  await userEvent.click(screen.getByRole('button', { name: 'Take over' }))
  expect(send).toHaveBeenCalledWith('take_over')
})

test('the holder hands over to who asks, or back to whom it was taken from', async () => {
  const send = show({ ...held(ada, Date.now()), requests: [{ by: mei, at: 1 }], takenFrom: builder })
  expect(screen.getByText('Mei asked for control')).toBeTruthy()
  expect(names()).toEqual(['Deny', 'Hand over', 'Release'])
  await userEvent.click(screen.getByRole('button', { name: 'Hand over' }))
  expect(send).toHaveBeenCalledWith('grant', mei.id)
})

test('what was taken from an agent is handed back to it by name, and the last seconds are counted', () => {
  show({ ...held(ada, Date.now()), idleAt: Date.now() + 9_500, takenFrom: builder })
  expect(names()).toEqual(['Hand back to Builder', 'Release'])
  expect(screen.getByText(/^released in 0:0\d$/)).toBeTruthy()
})
