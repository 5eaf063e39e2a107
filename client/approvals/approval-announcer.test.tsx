import { act, render, screen } from '@testing-library/react'
import { Toaster } from 'sonner'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ApprovalId } from '#shared/base/ids.ts'
import { anApproval, ids } from '../testing.tsx'
import { ApprovalAnnouncer } from './approval-announcer.tsx'

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => vi.useRealTimers())

const first = anApproval({ expiresAt: 1_000_000 + 90_000 })
const second = anApproval({ id: first.id.replace(/1$/, '2') as ApprovalId, title: 'Run Python', risk: 'low' })

test('a request is said once, politely, and assertively in its last minute', () => {
  const { rerender } = render(<ApprovalAnnouncer waiting={[first]} />)
  // What waited before the page was opened is no news.
  expect(screen.getByRole('status').textContent).toBe('')
  rerender(<ApprovalAnnouncer waiting={[second, first]} />)
  expect(screen.getByRole('status').textContent).toBe('Builder asks for approval: Run Python. Low risk.')
  expect(screen.getByRole('alert').textContent).toBe('')
  act(() => void vi.advanceTimersByTime(31_000))
  expect(screen.getByRole('alert').textContent).toBe('Less than a minute left to decide: Run a shell command.')
})

test('a last minute that begins anew, after time was added, is said anew', () => {
  const { rerender } = render(<ApprovalAnnouncer waiting={[first]} />)
  act(() => void vi.advanceTimersByTime(31_000))
  const said = screen.getByRole('alert')
  expect(said.textContent).toContain('Less than a minute')
  const longer = { ...first, expiresAt: 1_000_000 + 690_000 }
  rerender(<ApprovalAnnouncer waiting={[longer]} />)
  expect(said.textContent).toBe('')
  act(() => void vi.advanceTimersByTime(600_000))
  expect(said.textContent).toContain('Less than a minute')
})

test('who is asked to decide is told once; what was asked before is no news', async () => {
  vi.useRealTimers()
  const nudge = (at: number) => ({ kind: 'nudged', by: ids.ada, name: 'Ada', at, to: ids.mei, toName: 'Mei' }) as const
  const asked = (...notes: ReturnType<typeof nudge>[]) => (
    <>
      <ApprovalAnnouncer waiting={[{ ...second, notes }]} me={ids.mei} />
      <Toaster />
    </>
  )
  const { rerender } = render(asked(nudge(1)))
  rerender(asked(nudge(1), nudge(2)))
  rerender(asked(nudge(1), nudge(2)))
  expect(await screen.findByText('Ada asked you to decide')).toBeDefined()
  expect(screen.getAllByText('Run Python')).toHaveLength(1)
})

test('the trajectory speaks for its own session', () => {
  const { rerender } = render(<ApprovalAnnouncer waiting={[]} sessionId={ids.session} />)
  rerender(<ApprovalAnnouncer waiting={[second]} sessionId={ids.session} />)
  expect(screen.getByRole('status').textContent).toBe('')
})
