import { act, fireEvent, render, screen } from '@testing-library/react'
import { Toaster } from 'sonner'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Item, ToolCallItem } from '#shared/sessions/items.ts'
import { presented } from '#server/testing/presented.ts'
import { ada, builder, ids } from '../testing.tsx'
import { actionsFor } from './action-list.tsx'
import type { RowContext } from './row-context.ts'
import { useItemActions } from './use-item-actions.ts'

const sent = vi.fn<(url: string, init: RequestInit) => Promise<Response>>()
beforeEach(() => {
  sent.mockReset()
  vi.stubGlobal('fetch', sent)
})
afterEach(() => vi.unstubAllGlobals())

const call = (change: Partial<ToolCallItem>) =>
  presented<Item>({
    type: 'tool_call',
    id: ids.item(1),
    seq: 1,
    runId: ids.run,
    createdAt: 1,
    finishedAt: 2,
    stepId: ids.step,
    author: builder,
    name: 'run_command',
    args: { command: 'npm test\nnpm run build', cwd: './site/' },
    status: 'failed',
    ...change,
  })
const edit = call({ name: 'edit_file', args: { path: 'a.txt', old: 'a', new: 'b' }, status: 'ok' })

const terminal = {
  id: 'ter_0190a6e0-0000-7000-8000-000000000001',
  title: 'Terminal 1',
  createdBy: ada,
  createdAt: 1,
  cols: 100,
  rows: 30,
  status: 'running',
  exitCode: null,
  typist: null,
}

const onOpen = vi.fn<NonNullable<RowContext['onOpen']>>()
function Actions({ item, mayAct = true }: { item: Item; mayAct?: boolean }) {
  const actions = useItemActions({ projectId: ids.project, sessionId: ids.session, mayAct, items: [item], me: ids.ada, running: false, onOpen })
  return (
    <>
      {actionsFor(item, actions).map(({ id, label, run }) => (
        <button key={id} type="button" onClick={run}>
          {label}
        </button>
      ))}
      <Toaster />
    </>
  )
}
const press = (name: string) => act(() => void fireEvent.click(screen.getByRole('button', { name })))

test('a command stands in a terminal of its folder, which is shown once it is there', async () => {
  sent.mockImplementation(() => Promise.resolve(new Response(JSON.stringify(terminal), { status: 201 })))
  render(<Actions item={call({})} />)
  press('Open in terminal')
  await vi.waitFor(() => expect(onOpen).toHaveBeenCalledExactlyOnceWith({ tab: 'terminal' }))
  expect(sent.mock.calls[0]?.[0]).toBe(`/api/projects/${ids.project}/terminals`)
  expect(JSON.parse(sent.mock.calls[0]?.[1].body as string)).toMatchObject({ cwd: 'site', typed: 'npm test\nnpm run build' })
})

test('an edit is undone, or says that people changed the place', async () => {
  sent.mockImplementation(() => Promise.resolve(new Response(JSON.stringify({ path: 'a.txt', changed: true }))))
  const { rerender } = render(<Actions item={edit} />)
  press('Undo edit')
  expect(await screen.findByText('Undid the edit to a.txt')).toBeDefined()
  expect(sent.mock.calls[0]?.[0]).toBe(`/api/sessions/${ids.session}/items/${ids.item(1)}/undo-edit`)
  const error = { code: 'conflict', message: 'a.txt has changed at that place since, so nothing was undone.', requestId: 'r' }
  sent.mockImplementation(() => Promise.resolve(new Response(JSON.stringify({ error }), { status: 409 })))
  rerender(<Actions item={{ ...edit, id: ids.item(2) }} />)
  press('Undo edit')
  expect(await screen.findByText(error.message)).toBeDefined()
})

test('only editors are offered either, and only where there is something', () => {
  const { rerender } = render(<Actions item={edit} mayAct={false} />)
  const offered = () => screen.queryAllByRole('button', { name: /^(Undo edit|Open in terminal)$/ })
  expect(offered()).toEqual([])
  for (const item of [call({ name: 'edit_file', status: 'denied' }), call({ status: 'running', finishedAt: null }), call({ name: 'run_python' })]) {
    rerender(<Actions item={item} />)
    expect(offered()).toEqual([])
  }
  rerender(<Actions item={edit} />)
  expect(offered()).toHaveLength(1)
})
