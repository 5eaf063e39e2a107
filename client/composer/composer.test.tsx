import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import { ids, renderWithQueries } from '../testing.tsx'
import { mentionsAgent } from './addressee.ts'
import { Composer, hintOf } from './composer.tsx'

const props = {
  sessionId: ids.session,
  text: 'Show euros without cents.',
  onText: vi.fn<(text: string) => void>(),
  onSend: vi.fn<() => void>(),
  sending: false,
  refused: undefined,
  running: true,
  mode: 'steer' as const,
  onMode: vi.fn<(mode: string) => void>(),
  to: 'agent' as const,
  onTo: vi.fn<(to: string) => void>(),
  agentName: 'Builder',
  queue: [],
  typing: undefined,
}

test('Enter adds a line; Ctrl Enter and the button send', async () => {
  const onSend = vi.fn<() => void>()
  renderWithQueries(<Composer {...props} onSend={onSend} />)
  const box = screen.getByRole('textbox', { name: 'Message' })
  await userEvent.type(box, '{Enter}')
  expect(onSend).not.toHaveBeenCalled()
  await userEvent.type(box, '{Control>}{Enter}{/Control}')
  await userEvent.click(screen.getByRole('button', { name: 'Send' }))
  expect(onSend).toHaveBeenCalledTimes(2)
})

test('while a run goes the three modes are there, and the hint says what each does', async () => {
  const onMode = vi.fn<(mode: string) => void>()
  renderWithQueries(<Composer {...props} onMode={onMode} />)
  expect(screen.getByText('Builder reads this after the current step')).toBeDefined()
  await userEvent.click(screen.getByRole('radio', { name: 'Interrupt' }))
  expect(onMode).toHaveBeenCalledWith('interrupt')
  expect(hintOf({ running: true, mode: 'queue', to: 'agent', agentName: 'Builder' })).toBe('Builder reads this when the run ends')
  expect(hintOf({ running: true, mode: 'queue', to: 'people', agentName: 'Builder' })).toContain('Only people')
})

test('nothing is sent that says nothing', () => {
  renderWithQueries(<Composer {...props} text="   " />)
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true)
})

test('a viewer reads why they cannot write', () => {
  renderWithQueries(<Composer {...props} refused="You can watch. Ask an owner to let you edit." />)
  const box = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })
  expect(box.disabled).toBe(true)
  expect(box.placeholder).toContain('You can watch')
})

test('a queued message is shown to everyone', () => {
  renderWithQueries(
    <Composer
      {...props}
      queue={[{ id: ids.item(1), author: { kind: 'user', id: ids.mei, name: 'Mei' }, text: 'Add a button', mode: 'queue', createdAt: 1 }]}
    />,
  )
  expect(screen.getByRole('list', { name: 'Queued' }).textContent).toContain('Add a button')
  expect(screen.getByRole('button', { name: 'Steer now' })).toBeDefined()
})

test('an agent is called by name, id or as the agent, and not by an address', () => {
  const agents = [{ id: 'builder', name: 'Builder' }]
  for (const text of ['@agent go', 'now @Builder.', '(@builder)']) expect(mentionsAgent(text, agents), text).toBe(true)
  for (const text of ['ada@agent.example', '@agents', 'builder', '@builder2']) expect(mentionsAgent(text, agents), text).toBe(false)
})
