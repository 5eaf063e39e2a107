import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { Toaster } from 'sonner'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { listenForKeys } from '../commands/keys.ts'
import { changeLanguage } from '../i18n/translate.ts'
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

let stopKeys: () => void
beforeEach(() => (stopKeys = listenForKeys()))
afterEach(() => stopKeys())

const show = (change = {}, role: 'owner' | 'editor' | 'viewer' = 'editor') =>
  renderWithQueries(<ApprovalCard focusable approval={anApproval(change)} me={{ id: ids.mei }} role={role} />)
const card = () => screen.getByRole('article', { name: 'Approval: Run a shell command' })

test('the whole command is shown before anybody decides', () => {
  show()
  expect(screen.getByText('rsync -a dist/ deploy@reports.example:/srv/sales && echo "done, every word of it"')).toBeDefined()
  expect(screen.getByText('High risk')).toBeDefined()
})

test('Mei approves once, or as an owner from now on', async () => {
  show({}, 'owner')
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

test('a vote that a key gave names the key, in each language', async () => {
  const vote = { by: ids.ada, name: 'Ada', at: 5, key: 'CI' }
  const denied = { status: 'denied', decidedAt: 5, votes: [{ ...vote, decision: 'deny', reason: 'Too early' }] }
  show(denied)
  expect(screen.getByText('Denied by Ada, by the key “CI”: Too early')).toBeDefined()
  cleanup()
  show({ quorum: 2, votes: [{ ...vote, decision: 'approve' }] })
  expect(screen.getByText('Ada, by the key “CI”')).toBeDefined()
  cleanup()
  await changeLanguage('zh-CN')
  show(denied)
  expect(screen.getByText('Ada（通过密钥“CI”） 已拒绝：Too early')).toBeDefined()
  await changeLanguage('en')
})

test('votes of several are counted', () => {
  show({ quorum: 2, votes: [{ by: ids.ada, name: 'Ada', decision: 'approve', at: 5 }] })
  expect(screen.getByText('1 of 2 approved')).toBeDefined()
})

test('who may not decide reads why', () => {
  show({}, 'viewer')
  expect(screen.getByText('Only editors can approve.')).toBeDefined()
  expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull()
  expect(mayDecide(anApproval({ fourEyes: true }), ids.ada, 'owner')).toBe('caused')
  expect(mayDecide(anApproval({ decidableBy: 'owner' }), ids.mei, 'editor')).toBe('owner')
  expect(mayDecide(anApproval(), ids.mei, 'editor')).toBeUndefined()
})

test('an editor makes no rule for the whole project', () => {
  show()
  expect(screen.queryByRole('button', { name: 'Always allow' })).toBeNull()
})

test('the keys A, D and E act on the card that has the focus, and on no other', async () => {
  show()
  await userEvent.keyboard('a')
  expect(sent).not.toHaveBeenCalled()
  card().focus()
  await userEvent.keyboard('e')
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Command' }))
  await userEvent.keyboard('a')
  expect(sent).not.toHaveBeenCalled()
  await userEvent.keyboard('{Escape}')
  expect(document.activeElement).toBe(card())
  await userEvent.keyboard('d')
  expect(body()).toEqual({ decision: 'deny' })
})

test('what people changed is marked in the arguments, with who changed it', () => {
  show({ args: { command: 'rsync -a dist/' }, asked: { command: 'rsync -a --delete dist/' }, editedBy: { id: ids.ada, name: 'Ada', at: 5 } })
  expect(screen.getByText(/^--delete/).tagName).toBe('DEL')
  expect(screen.getByText(/^Ada changed this/)).toBeDefined()
})

const url = () => sent.mock.calls.at(-1)?.[0]

test('whoever approved takes it back, by its button or by T on the focused card', async () => {
  show({ quorum: 2, votes: [{ by: ids.mei, name: 'Mei', decision: 'approve', at: 5 }] })
  await userEvent.click(screen.getByRole('button', { name: 'Take back' }))
  expect(url()).toBe(`/api/approvals/${ids.approval}/take-back`)
  sent.mockClear()
  card().focus()
  await userEvent.keyboard('t')
  expect(url()).toBe(`/api/approvals/${ids.approval}/take-back`)
})

test('time is added in the last minutes, to the end that is shown, and who added it is named', async () => {
  const expiresAt = Date.now() + 48_000
  show({ expiresAt, notes: [{ kind: 'extended', by: ids.ada, name: 'Ada', at: 5, until: expiresAt }] })
  expect(screen.getByText(/^Ada added 10 min/)).toBeDefined()
  await userEvent.click(screen.getByRole('button', { name: 'Add 10 min' }))
  expect(url()).toBe(`/api/approvals/${ids.approval}/extend`)
  expect(body()).toEqual({ expiresAt })
})

test('while there is time enough none is offered', () => {
  show({ expiresAt: Date.now() + 3_600_000 })
  expect(screen.queryByRole('button', { name: 'Add 10 min' })).toBeNull()
})

test('what nobody decided is asked for again once, by who may', async () => {
  const late = { status: 'expired', decidedAt: 5 } as const
  const { unmount } = show(late)
  await userEvent.click(screen.getByRole('button', { name: 'Ask again' }))
  expect(url()).toBe(`/api/approvals/${ids.approval}/ask-again`)
  unmount()
  const again = show({ ...late, notes: [{ kind: 'asked_again', by: ids.ada, name: 'Ada', at: 6 }] })
  expect(screen.getByText(/^Ada asked again/)).toBeDefined()
  expect(screen.queryByRole('button', { name: 'Ask again' })).toBeNull()
  again.unmount()
  show(late, 'viewer')
  expect(screen.queryByRole('button', { name: 'Ask again' })).toBeNull()
})

test('who may not decide asks somebody who may, and not again at once', async () => {
  const viewer = { me: { id: ids.mei }, role: 'viewer' as const, deciders: [{ id: ids.ada, name: 'Ada' }] }
  const card = (change = {}) => <ApprovalCard approval={anApproval(change)} {...viewer} />
  const { unmount } = renderWithQueries(card())
  await userEvent.click(screen.getByRole('button', { name: 'Ask Ada' }))
  expect(url()).toBe(`/api/approvals/${ids.approval}/nudge`)
  expect(body()).toEqual({ to: ids.ada })
  unmount()
  renderWithQueries(card({ notes: [{ kind: 'nudged', by: ids.mei, name: 'Mei', at: Date.now(), to: ids.ada, toName: 'Ada' }] }))
  expect(screen.getByText('You asked Ada')).toBeDefined()
  expect(screen.queryByRole('button', { name: 'Ask Ada' })).toBeNull()
})

test('what was approved and has not begun can be taken back from the notice', async () => {
  sent.mockImplementation(() =>
    Promise.resolve(new Response(JSON.stringify({ ...anApproval({ status: 'approved', decidedAt: 2 }), takeBack: true }))),
  )
  show()
  render(<Toaster />)
  await userEvent.click(screen.getByRole('button', { name: 'Approve' }))
  expect(await screen.findByText('Approved. Builder has not started yet.')).toBeDefined()
  fireEvent.click(screen.getByRole('button', { name: 'Take back' }))
  await waitFor(() => expect(url()).toBe(`/api/approvals/${ids.approval}/take-back`))
})

test('whoever approved already waits for the others, and may still deny', async () => {
  show({ quorum: 2, votes: [{ by: ids.mei, name: 'Mei', decision: 'approve', at: 5 }] })
  expect(screen.getByText(/^You approved/)).toBeDefined()
  expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull()
  await userEvent.click(screen.getByRole('button', { name: 'Deny' }))
  expect(body()).toEqual({ decision: 'deny' })
})
