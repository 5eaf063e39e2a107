import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, render, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ids } from '../testing.tsx'
import { useCommands } from '../base/commands.ts'
import { listenForKeys } from '../base/keys.ts'
import { clearStored } from '../base/stored.ts'
import { overlay } from './open-overlay.ts'
import { Overlays } from './overlays.tsx'
import type { PalettePlaces } from './places.ts'

globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
} as unknown as typeof ResizeObserver
Element.prototype.scrollIntoView ??= () => {}

let stopKeys = () => {}
beforeEach(() => {
  stopKeys = listenForKeys()
})
afterEach(() => {
  stopKeys()
  act(() => overlay.set(null))
  clearStored(() => false)
})

const places = (change: Partial<PalettePlaces> = {}): PalettePlaces => ({
  projects: [{ id: ids.project, name: 'Sales dashboard' }],
  sessions: [{ id: ids.session, title: 'Regional sales view' }],
  projectId: undefined,
  sessionId: undefined,
  openProject: vi.fn<PalettePlaces['openProject']>(),
  openSession: vi.fn<PalettePlaces['openSession']>(),
  openFile: undefined,
  startSession: undefined,
  ...change,
})

function Room({ given, onFold }: { given: PalettePlaces; onFold: () => void }) {
  useCommands([{ id: 'view.fold', label: 'Fold the sidebar', group: 'view', keys: ['x'], run: onFold }])
  return (
    <QueryClientProvider client={new QueryClient()}>
      <textarea aria-label="Message" />
      <Overlays places={given} />
    </QueryClientProvider>
  )
}

test('Ada finds a session by what she types, without the pointer', async () => {
  const given = places()
  const user = userEvent.setup()
  render(<Room given={given} onFold={() => {}} />)
  await user.keyboard('{Control>}k{/Control}')
  await user.type(await screen.findByRole('combobox'), 'regi')
  expect(screen.getAllByRole('option')).toHaveLength(1)
  await user.keyboard('{Enter}')
  expect(given.openSession).toHaveBeenCalledWith(ids.session)
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})

test('a command runs from the palette, and stands first the next time', async () => {
  const onFold = vi.fn<() => void>()
  const user = userEvent.setup()
  render(<Room given={places()} onFold={onFold} />)
  await user.keyboard('{Control>}k{/Control}')
  await user.type(await screen.findByRole('combobox'), 'fold')
  await user.keyboard('{Enter}')
  expect(onFold).toHaveBeenCalledTimes(1)
  await user.keyboard('{Control>}k{/Control}')
  await screen.findByRole('combobox')
  expect(screen.getAllByRole('option')[0]?.textContent).toContain('Fold the sidebar')
  expect(screen.getByText('Recent')).toBeDefined()
})

test('what fits nothing says so, and can become a session', async () => {
  const startSession = vi.fn<(title: string) => void>()
  const user = userEvent.setup()
  const { rerender } = render(<Room given={places()} onFold={() => {}} />)
  await user.keyboard('{Control>}k{/Control}')
  await user.type(await screen.findByRole('combobox'), 'qqq')
  expect(screen.getByText('No match for “qqq”')).toBeDefined()
  rerender(<Room given={places({ startSession })} onFold={() => {}} />)
  await user.keyboard('{Enter}')
  expect(startSession).toHaveBeenCalledWith('qqq')
})

test('the map of keys shows what is offered now; in a text field ? is a letter', async () => {
  const user = userEvent.setup()
  render(<Room given={places()} onFold={() => {}} />)
  await user.click(screen.getByRole('textbox', { name: 'Message' }))
  await user.keyboard('?')
  expect(screen.queryByRole('dialog')).toBeNull()
  act(() => screen.getByRole('textbox', { name: 'Message' }).blur())
  await user.keyboard('?')
  const map = await screen.findByRole('dialog', { name: 'Keyboard' })
  expect(map.textContent).toContain('Fold the sidebar')
  expect(map.textContent).toContain('Search or run')
})
