import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { anApproval, ids, renderWithQueries } from '../testing.tsx'
import { ApprovalCard } from './approval-card.tsx'
import { mayDecide } from '#shared/approvals/may-decide.ts'

const sent = vi.fn<(url: string, init: RequestInit) => Promise<Response>>()
const body = () => JSON.parse(sent.mock.calls.at(-1)?.[1].body as string) as unknown
beforeEach(() => {
  sent.mockReset().mockImplementation(() => Promise.resolve(new Response(JSON.stringify(anApproval({ status: 'approved', decidedAt: 2 })))))
  vi.stubGlobal('fetch', sent)
})
afterEach(() => vi.unstubAllGlobals())

const show = (change = {}, role: 'owner' | 'editor' | 'viewer' = 'editor') =>
  renderWithQueries(<ApprovalCard approval={anApproval(change)} me={{ id: ids.mei }} role={role} />)

test('the whole command is shown before anybody decides', () => {
  show()
  expect(screen.getByText('rsync -a dist/ deploy@reports.example:/srv/sales && echo "done, every word of it"')).toBeDefined()
  expect(screen.getByText('High risk')).toBeDefined()
})

test('Mei approves once, or from now on', async () => {
  show()
  await userEvent.click(screen.getByRole('button', { name: 'Approve' }))
  expect(body()).toEqual({ decision: 'approve' })
  await userEvent.click(screen.getByRole('button', { name: 'Always allow' }))
  expect(body()).toEqual({ decision: 'approve', scope: 'always' })
})

test('Mei denies at once, or with a reason that the agent reads', async () => {
  show()
  await userEvent.click(screen.getByRole('button', { name: 'Deny' }))
  expect(body()).toEqual({ decision: 'deny' })
  await userEvent.click(screen.getByRole('button', { name: 'Reason' }))
  await userEvent.type(screen.getByRole('textbox', { name: 'Reason' }), 'Attach the price list first')
  await userEvent.click(screen.getByRole('button', { name: 'Deny' }))
  expect(body()).toEqual({ decision: 'deny', reason: 'Attach the price list first' })
})

test('edited arguments are what is approved', async () => {
  show({ args: { command: 'rm -r build', timeoutMs: 1000 } })
  await userEvent.click(screen.getByRole('button', { name: 'Edit' }))
  const field = screen.getByRole('textbox', { name: 'Command' })
  await userEvent.clear(field)
  await userEvent.type(field, 'ls build')
  await userEvent.click(screen.getByRole('button', { name: 'Save and approve' }))
  expect(body()).toEqual({ decision: 'approve', args: { command: 'ls build', timeoutMs: 1000 } })
})

test('a decided request says who decided, and offers nothing', () => {
  show({ status: 'denied', decidedAt: 5, votes: [{ by: ids.ada, name: 'Ada', decision: 'deny', at: 5, reason: 'Too early' }] })
  expect(screen.getByText('Denied by Ada: Too early')).toBeDefined()
  expect(screen.queryAllByRole('button')).toHaveLength(0)
})

test('votes of several are counted', () => {
  show({ quorum: 2, votes: [{ by: ids.ada, name: 'Ada', decision: 'approve', at: 5 }] })
  expect(screen.getByText('1 of 2 approved')).toBeDefined()
})

test('who may not decide reads why', () => {
  show({}, 'viewer')
  expect(screen.getByText('Only editors may approve.')).toBeDefined()
  expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull()
  expect(mayDecide(anApproval({ fourEyes: true }), ids.ada, 'owner')).toContain('somebody else')
  expect(mayDecide(anApproval({ decidableBy: 'owner' }), ids.mei, 'editor')).toContain('owners')
  expect(mayDecide(anApproval(), ids.mei, 'editor')).toBeUndefined()
})
