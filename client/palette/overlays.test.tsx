import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, render, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { FilePath } from '#shared/files/path.ts'
import { ids } from '../testing.tsx'
import { useCommands } from '../commands/commands.ts'
import { listenForKeys } from '../commands/keys.ts'
import { clearStored } from '../offline/stored.ts'
import { overlay } from './open-overlay.ts'
import { Overlays } from './overlays.tsx'
import type { PalettePlaces } from './places.ts'
import { noteRecentFile } from './recent.ts'

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
  openItem: vi.fn<PalettePlaces['openItem']>(),
  startSession: undefined,
  ...change,
})

function Room({ given, onFold }: { given: PalettePlaces; onFold: () => void }) {
  useCommands([{ id: 'view.fold', label: 'Collapse the sidebar', group: 'view', keys: ['x'], run: onFold }])
  return (
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
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
  await user.type(await screen.findByRole('combobox'), 'coll')
  await user.keyboard('{Enter}')
  expect(onFold).toHaveBeenCalledTimes(1)
  await user.keyboard('{Control>}k{/Control}')
  await screen.findByRole('combobox')
  expect(screen.getAllByRole('option')[0]?.textContent).toContain('Collapse the sidebar')
  expect(screen.getByText('Recent')).toBeDefined()
})

const hit = (n: number, excerpt: string, marks: [number, number][]) => ({
  project: { id: ids.project, name: 'Garden' },
  session: { id: ids.session, title: 'Tides', archived: n > 7 },
  item: { id: ids.item(n), seq: n, type: 'message' },
  author: { kind: 'user', id: ids.mei, name: 'Mei' },
  at: 1,
  excerpt,
  marks,
})

test('Ada finds what was said in any session, sees whose and where, and goes to the very item', async () => {
  const given = places()
  const asked: string[] = []
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url)
    const more = url.includes('cursor=')
    const items = more ? [hit(8, 'high water again', [[0, 10]])] : [hit(7, '…so high water is at noon', [[4, 14]])]
    return Promise.resolve(Response.json({ items, nextCursor: more ? null : 'next' }))
  })
  const user = userEvent.setup()
  render(<Room given={given} onFold={() => {}} />)
  await user.keyboard('{Control>}k{/Control}')
  await user.type(await screen.findByRole('combobox'), 'high water')
  const option = await screen.findByRole('option', { name: /is at noon/ })
  expect(option.textContent).toMatch(/Mei · Tides, Garden · /)
  expect(within(option).getByText('high water').tagName).toBe('B')
  expect(screen.getByRole('option', { name: /again/ }).textContent).toContain('Archived')
  await user.click(option)
  expect(given.openItem).toHaveBeenCalledWith(expect.objectContaining({ item: { id: ids.item(7), seq: 7, type: 'message' } }))
  // What is typed in one go is asked for once; a page that is not the last leads to the next.
  expect(asked.filter((url) => url.includes('q=high+water'))).toHaveLength(2)
  vi.unstubAllGlobals()
})

test('a search that fails says so, and commands are still found', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ error: { code: 'invalid_input', message: 'no', requestId: 'r' } }, { status: 400 })))
  const user = userEvent.setup()
  render(<Room given={places()} onFold={() => {}} />)
  await user.keyboard('{Control>}k{/Control}')
  await user.type(await screen.findByRole('combobox'), 'coll')
  expect(await screen.findByText('Could not search conversations. Try again.', {}, { timeout: 4_000 })).toBeDefined()
  expect(screen.getAllByRole('option').map((one) => one.textContent)).toContain('Collapse the sidebarX')
  vi.unstubAllGlobals()
})

test('the files that were open last stand there before anything is typed', async () => {
  const openFile = vi.fn<(path: FilePath) => void>()
  noteRecentFile(ids.project, 'notes/tides.md' as FilePath)
  noteRecentFile(ids.project, 'src/regions.ts' as FilePath)
  noteRecentFile(ids.project, 'notes/tides.md' as FilePath)
  const user = userEvent.setup()
  render(<Room given={places({ projectId: ids.project, openFile })} onFold={() => {}} />)
  await user.keyboard('{Control>}k{/Control}')
  await screen.findByRole('combobox')
  const lately = screen.getByRole('group', { name: 'Recent files' })
  expect(
    within(lately)
      .getAllByRole('option')
      .map((option) => option.textContent),
  ).toEqual(['notes/tides.md', 'src/regions.ts'])
  await user.click(within(lately).getByRole('option', { name: 'src/regions.ts' }))
  expect(openFile).toHaveBeenCalledWith('src/regions.ts')
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
  const map = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })
  expect(map.textContent).toContain('Collapse the sidebar')
  expect(map.textContent).toContain('Search or run')
})
