import { act, render, screen } from '@testing-library/react'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { userEvent } from '@testing-library/user-event'
import { Toaster } from 'sonner'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Approval } from '#shared/approvals/schema.ts'
import { anApproval, ids } from '../testing.tsx'
import { ApprovalCard } from './approval-card.tsx'
import { marksOf } from './marks.ts'

const sent = vi.fn<(url: string, init: RequestInit) => Promise<Response>>()
const body = () => JSON.parse(sent.mock.calls.at(-1)?.[1].body as string) as unknown
beforeEach(() => {
  sent.mockReset().mockImplementation(() => Promise.resolve(Response.json(anApproval())))
  vi.stubGlobal('fetch', sent)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const [first, second] = ['1'.repeat(64), '2'.repeat(64)]
const editor = 'editor' as const
const command = 'npm run build && rm -rf build'
const graded = (change: Partial<Approval> = {}) =>
  anApproval({
    args: { command },
    digest: first,
    risk: 'high',
    reasons: [
      { code: 'deletes_files', risk: 'high', text: 'rm -rf build', at: { from: 17, to: 29 } },
      { code: 'builds', risk: 'medium', text: 'npm run build', at: { from: 0, to: 13 } },
    ],
    ...change,
  })

function show(change: Partial<Approval> = {}, more: Partial<Parameters<typeof ApprovalCard>[0]> = {}) {
  const client = new QueryClient()
  const card = (approval: Approval) => (
    <QueryClientProvider client={client}>
      <ApprovalCard focusable approval={approval} me={{ id: ids.ada }} role={editor} {...more} />
      <Toaster />
    </QueryClientProvider>
  )
  const { rerender } = render(card(graded(change)))
  return { to: (next: Partial<Approval>) => rerender(card(graded(next))) }
}

test('the card says in words why a call is risky, the worst first, and marks it in the command', () => {
  show()
  expect(screen.getByRole('list', { name: 'Why' }).textContent).toBe('Deletes files: rm -rf buildRuns the project’s own scripts: npm run build')
  expect(document.querySelector('mark')?.textContent).toBe('rm -rf build')
})

test('only what is as risky as the whole is marked, and nothing where all of it is', () => {
  expect(marksOf(graded(), 'command', command)).toEqual([{ text: 'npm run build && ' }, { text: 'rm -rf build', risk: 'high' }])
  expect(marksOf(graded(), 'cwd', 'app')).toEqual([{ text: 'app' }])
  const ls = graded({ risk: 'low', reasons: [{ code: 'reads', risk: 'low', text: 'ls', at: { from: 0, to: 2 } }] })
  expect(marksOf(ls, 'command', 'ls; pwd')).toEqual([{ text: 'ls; pwd' }])
  const whole = graded({ reasons: [{ code: 'deletes_files', risk: 'high', text: 'rm -rf x', at: { from: 0, to: 8 } }] })
  expect(marksOf(whole, 'command', 'rm -rf x')).toEqual([{ text: 'rm -rf x' }])
  // Ranges that lie in each other are no text twice.
  const twice = graded({ reasons: [...(graded().reasons ?? []), { code: 'secrets', risk: 'high', at: { from: 20, to: 29 } }] })
  expect(
    marksOf(twice, 'command', command)
      .map(({ text }) => text)
      .join(''),
  ).toBe(command)
})

test('a request from before calls were graded says nothing of reasons', () => {
  const { reasons: _, ...old } = graded()
  show({ ...old, reasons: undefined } as Partial<Approval>)
  expect(screen.queryByRole('list', { name: 'Why' })).toBeNull()
  expect(screen.getByText(command)).toBeDefined()
})

test('the time left is said when it matters; of days it is said until when', () => {
  const { to } = show({ expiresAt: Date.now() + 6 * 86_400_000 })
  expect(screen.queryByText(/left/)).toBeNull()
  expect(screen.getByText(/^expires /)).toBeDefined()
  to({ expiresAt: Date.now() + 3 * 3_600_000 + 5_000 })
  expect(screen.getByText('3 h left')).toBeDefined()
  expect(screen.queryByText(/^expires /)).toBeNull()
})

test('Ada approves for the run, or the desktop once instead of for the run', async () => {
  const { to } = show()
  await userEvent.click(screen.getByRole('button', { name: 'For this run' }))
  expect(body()).toEqual({ decision: 'approve', scope: 'run', digest: first })
  to({ tool: 'computer', title: 'Use the desktop', covers: 'run', risk: 'medium' })
  expect(screen.getByText('Builder can then use the desktop until this run ends or someone takes control.')).toBeDefined()
  await userEvent.click(screen.getByRole('button', { name: 'Only once' }))
  expect(body()).toEqual({ decision: 'approve', scope: 'once', digest: first })
})

test('an edit is saved without a vote, for the arguments that it began with', async () => {
  const onEditing = vi.fn<(editing: boolean) => void>()
  const { to } = show({}, { onEditing })
  await userEvent.click(screen.getByRole('button', { name: 'Edit' }))
  expect(onEditing.mock.calls).toEqual([[true]])
  await userEvent.type(screen.getByRole('textbox', { name: 'Command' }), ' -v')
  to({ digest: second, editedBy: { id: ids.mei, name: 'Mei', at: 5 } })
  await userEvent.click(screen.getByRole('button', { name: 'Save' }))
  expect(sent.mock.calls[0]?.[0]).toContain('/edit')
  expect(body()).toEqual({ args: { command: `${command} -v` }, digest: first })
  await vi.waitFor(() => expect(onEditing.mock.lastCall).toEqual([false]))
})

test('others see who edits it, and what was changed by whom and whose vote that cleared', () => {
  show(
    {
      asked: { command: 'rm -rf build dist' },
      args: { command: 'rm -rf build' },
      editedBy: { id: ids.mei, name: 'Mei', at: 5 },
      notes: [{ kind: 'edited', by: ids.mei, name: 'Mei', at: 5, cleared: ['Ada'] }],
    },
    { editors: ['Mei'] },
  )
  expect(screen.getByText('Mei is editing this request')).toBeDefined()
  expect(document.querySelector('del')?.textContent).toContain('dist')
  expect(screen.getByText(/^Mei changed this, .* That cleared the approval from Ada\.$/)).toBeDefined()
})

test('a click that meant what stood there a moment ago does not count for what was put in its place', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  const { to } = show()
  to({ digest: second, args: { command: 'rm -rf /' }, editedBy: { id: ids.mei, name: 'Mei', at: 5 } })
  sent.mockImplementation(() => Promise.resolve(Response.json({ error: { code: 'conflict', message: 'Mei changed …' } }, { status: 409 })))
  await userEvent.click(screen.getByRole('button', { name: 'Approve' }))
  expect(body()).toEqual({ decision: 'approve', digest: first })
  expect(await screen.findByText('Mei changed the command while you looked. Read it again.')).toBeDefined()
  // Once it could be read, it counts.
  act(() => void vi.advanceTimersByTime(1_500))
  await userEvent.click(screen.getByRole('button', { name: 'Approve' }))
  expect(body()).toEqual({ decision: 'approve', digest: second })
})
