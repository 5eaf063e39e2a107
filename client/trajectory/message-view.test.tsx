import { fireEvent, screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import type { FilePath } from '#shared/files/path.ts'
import type { MessageItem } from '#shared/sessions/items.ts'
import { sessionItems, sessionMeta, sessionQueue, sessionStates } from '#shared/sessions/doc.ts'
import { ada, builder, ids, mei, renderWithQueries } from '../testing.tsx'
import { MessageView } from './message-view.tsx'
import { rowContext } from './testing/row-context.ts'

const said = (change: Partial<MessageItem> = {}): MessageItem => ({
  type: 'message',
  id: ids.item(1),
  seq: 1,
  createdAt: 2000,
  finishedAt: 2000,
  author: mei,
  text: 'Use blue',
  to: 'people',
  ...change,
})
const files = ['pictures/plan.png', 'orders.csv'] as FilePath[]

let doc: Y.Doc
const posted = vi.fn<(url: string, init: RequestInit) => Promise<Response>>()
beforeEach(() => {
  doc = new Y.Doc()
  posted.mockReset().mockImplementation(async () => Response.json({ itemId: ids.item(9) }, { status: 202 }))
  vi.stubGlobal('fetch', posted)
})

function runIs(status: 'running' | 'completed') {
  sessionStates(doc).set(ids.run, {
    id: ids.run,
    sessionId: ids.session,
    agentId: builder.id,
    agentName: 'Builder',
    causedBy: { id: ids.ada, name: 'Ada' },
    status,
    waitingFor: null,
    activity: null,
    turn: 1,
    usage: { inputTokens: 0, outputTokens: 0, contextTokens: 0, budgetUsedPct: 0 },
    error: null,
    createdAt: 1000,
    startedAt: 1000,
    endedAt: status === 'completed' ? 3000 : null,
  })
  sessionMeta(doc).set('run', ids.run)
}

const show = (item: MessageItem, mayAct = true) =>
  renderWithQueries(<MessageView item={item} live={undefined} context={rowContext({ doc, mayAct })} />)
const ask = () => screen.findByRole('button', { name: 'Ask Builder' })
const sent = () => JSON.parse(String(posted.mock.calls[0]?.[1].body)) as Record<string, unknown>

test('attached files are shown in place of their names: a picture by its name, another file to open', async () => {
  show(said({ text: 'Look\n\n`pictures/plan.png` `orders.csv`', attachments: files }))
  const list = await screen.findByRole('list', { name: 'Attached files' })
  const picture = within(list).getByRole('img', { name: 'plan.png' })
  expect(picture.getAttribute('src')).toContain(`/api/projects/${ids.project}/files/pictures/plan.png`)
  expect(picture.getAttribute('loading')).toBe('lazy')
  expect(within(list).getByRole('button', { name: 'Open orders.csv' })).toBeDefined()
  expect(screen.queryByText('pictures/plan.png')).toBeNull()
  await userEvent.click(within(list).getByRole('button', { name: /plan\.png/ }))
  expect(await screen.findByRole('dialog', { name: 'plan.png' })).toBeDefined()
})

test('a picture that is gone is named', async () => {
  show(said({ attachments: files }))
  fireEvent.error(await screen.findByRole('img', { name: 'plan.png' }))
  expect(screen.queryByRole('img')).toBeNull()
  expect(screen.getByText('plan.png').closest('p')?.textContent).toContain('renamed or deleted')
})

test('what Mei said to people while a run goes on can be handed to the agent, in her name', async () => {
  runIs('running')
  show(said({ text: 'Use blue\nplease' }))
  await userEvent.click(await ask())
  await vi.waitFor(() => expect(posted).toHaveBeenCalledTimes(1))
  expect(sent()).toMatchObject({ to: 'agent', mode: 'steer', replyTo: ids.item(1), text: 'Mei wrote:\n\n> Use blue\n> please' })
})

test('one’s own words are handed on as they are', async () => {
  runIs('running')
  show(said({ author: ada }))
  await userEvent.click(await ask())
  await vi.waitFor(() => expect(posted).toHaveBeenCalledTimes(1))
  expect(sent()).toMatchObject({ text: 'Use blue', to: 'agent' })
})

test('once the agent was asked everybody sees that, while it waits and when it was read', async () => {
  runIs('running')
  sessionQueue(doc).push([{ id: ids.item(2), author: ada, text: 'x', mode: 'queue', createdAt: 3000, replyTo: ids.item(1) }])
  const { unmount } = show(said())
  expect(await screen.findByText('Passed to Builder')).toBeDefined()
  unmount()
  sessionQueue(doc).delete(0, 1)
  sessionItems(doc).push([said({ id: ids.item(2), author: ada, to: 'agent', replyTo: ids.item(1) })])
  show(said())
  expect(await screen.findByText('Passed to Builder')).toBeDefined()
})

test('nothing is offered after the run, on what was said before it, or to those who may not', async () => {
  // What is offered is fetched: it is awaited once where it shows.
  runIs('running')
  const { unmount } = show(said())
  await ask()
  unmount()
  for (const [item, mayAct] of [
    [said({ createdAt: 500 }), true],
    [said(), false],
    [said({ to: 'agent' }), true],
  ] as const) {
    const shown = show(item, mayAct)
    expect(screen.queryByRole('button', { name: 'Ask Builder' })).toBeNull()
    shown.unmount()
  }
  runIs('completed')
  show(said())
  expect(screen.queryByRole('button', { name: 'Ask Builder' })).toBeNull()
})
