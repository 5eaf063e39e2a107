import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeAll, afterEach, expect, test, vi } from 'vitest'
import type { ToolCallItem } from '#shared/sessions/items.ts'
import { presented } from '#server/testing/presented.ts'
import { createStore } from '../ui/store.ts'
import { builder, ids, renderWithQueries } from '../testing.tsx'
import type { RowContext } from './row-context.ts'
import { RowView } from './row-view.tsx'
import { rowsOf } from './rows.ts'
import { ToolBody } from './tool-call-view.tsx'
import { rowContext } from './testing/row-context.ts'

beforeAll(async () => void (await ToolBody.load()))

afterEach(() => vi.unstubAllGlobals())

const onOpen = vi.fn<NonNullable<RowContext['onOpen']>>()

function show(extra: Partial<ToolCallItem>, change: Partial<RowContext> = {}) {
  const item = presented<ToolCallItem>({
    id: ids.item(1),
    seq: 1,
    runId: ids.run,
    createdAt: 1000,
    finishedAt: 2000,
    type: 'tool_call',
    stepId: ids.step,
    author: builder,
    name: 'run_command',
    args: {},
    status: 'ok',
    ...extra,
  })
  const context = rowContext({ onOpen, ...change })
  onOpen.mockClear()
  return renderWithQueries(
    <>
      {rowsOf([item], []).map((row) => (
        <RowView key={row.key} row={row} context={context} />
      ))}
    </>,
  )
}

test.each([
  ['edit_file', { path: 'src/app.ts', old: 'a', new: 'b' }, 'Open file', { tab: 'files', file: 'src/app.ts' }],
  ['run_python', { code: 'print(1)' }, 'Open in Python', { tab: 'python' }],
  ['open_terminal', { command: 'npm run dev' }, 'Open terminal', { tab: 'terminal' }],
  ['start_preview', { port: 5173 }, 'Open preview', { tab: 'preview', port: 5173 }],
  ['computer', { action: 'screenshot' }, 'Open desktop', { tab: 'desktop' }],
] as const)('%s leads to where its work is seen', async (name, args, label, place) => {
  show({ name, args })
  const head = screen.getByRole('button', { name: /./, expanded: name === 'edit_file' })
  if (name !== 'edit_file') await userEvent.click(head)
  const button = screen.getByRole('button', { name: label })
  await userEvent.click(button)
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(place)
  // Whoever pressed it stays where they are.
  expect(document.activeElement).toBe(button)
})

test('nothing leads to a file that was not written, or to a preview that did not start', () => {
  const failed = { status: 'failed', error: { code: 'not_found', message: 'It is not there.' } } as const
  show({ name: 'edit_file', args: { path: 'a.ts', old: 'x', new: 'y' }, ...failed })
  expect(screen.queryByRole('button', { name: 'Open file' })).toBeNull()
  show({ name: 'start_preview', args: { port: 1 }, ...failed })
  expect(screen.queryByRole('button', { name: 'Open preview' })).toBeNull()
})

test('a command that runs can be stopped, by those who may', async () => {
  const sent = vi.fn<(url: string) => Promise<Response>>(() => Promise.resolve(Response.json({}, { status: 200 })))
  vi.stubGlobal('fetch', sent)
  const running = { args: { command: 'sleep 60' }, status: 'running', finishedAt: null } as const
  const { unmount } = show(running, { mayAct: false })
  expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull()
  unmount()
  show(running)
  await userEvent.click(screen.getByRole('button', { name: 'Stop' }))
  await waitFor(() => expect(String(sent.mock.calls[0]?.[0])).toContain(`/api/runs/${ids.run}/steps/${ids.step}/stop`))
})

test('the bar of actions does not lie upon the button of a suggestion', () => {
  const active = createStore<string | undefined>(ids.item(1))
  show({ name: 'ui_open_tab', args: { tab: 'preview' } }, { active })
  expect(screen.queryByRole('toolbar')).toBeNull()
  show({ name: 'start_preview', args: { port: 5173 } }, { active })
  expect(screen.getByRole('toolbar', { name: 'Item actions' })).toBeDefined()
})

test('a suggestion is a row with its button, and what people are told is said in full', async () => {
  show({ name: 'ui_open_tab', args: { tab: 'preview' } })
  expect(screen.getByText('Builder suggests looking at Preview')).toBeDefined()
  expect(onOpen).not.toHaveBeenCalled()
  await userEvent.click(screen.getByRole('button', { name: 'Open Preview' }))
  expect(onOpen).toHaveBeenCalledExactlyOnceWith({ tab: 'preview' })
  show({ name: 'ui_notify', args: { level: 'info', message: 'The export is ready.' } })
  expect(screen.getByText('The export is ready.')).toBeDefined()
})
