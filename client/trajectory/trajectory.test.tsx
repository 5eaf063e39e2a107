import { act, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { offeredCommands } from '../commands/commands.ts'
import { createStore } from '../ui/store.ts'
import { readStored, writeStored } from '../offline/stored.ts'
import type { Reading } from '#shared/presence/schema.ts'
import { sessionItems, sessionStates } from '#shared/sessions/doc.ts'
import type { Item } from '#shared/sessions/items.ts'
import { presented } from '#server/testing/presented.ts'
import { ada, anApproval, builder, ids, mei, renderWithQueries } from '../testing.tsx'
import type { RenderApproval } from './row-context.ts'
import { Trajectory } from './trajectory.tsx'
import { ToolBody } from './tool-call-view.tsx'

beforeAll(async () => void (await ToolBody.load()))

beforeAll(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  )
})
afterAll(() => vi.unstubAllGlobals())
beforeEach(() => {
  localStorage.clear()
  location.hash = ''
})

const noon = new Date(2026, 10, 20, 12).getTime()
const said = (
  seq: number,
  author: typeof ada | typeof mei | typeof builder = mei,
  extra: Partial<Extract<Item, { type: 'message' }>> = {},
): Item => ({
  id: ids.item(seq),
  seq,
  createdAt: noon + seq * 1000,
  finishedAt: noon + seq * 1000,
  type: 'message',
  author,
  text: `line ${seq}`,
  ...extra,
})

const readKey = `read:${ids.ada}:${ids.session}`

function room(items: Item[], change: Partial<Parameters<typeof Trajectory>[0]> = {}) {
  const doc = new Y.Doc()
  sessionItems(doc).push(items)
  const props = {
    doc,
    ready: true,
    projectId: ids.project,
    sessionId: ids.session,
    me: ids.ada,
    mayAct: true,
    renderApproval: () => null,
    empty: <p>nothing</p>,
  }
  const shown = renderWithQueries(<Trajectory {...props} {...change} />)
  const say = (item: Item) => act(() => sessionItems(doc).push([item]))
  return { ...shown, doc, say }
}
const press = (id: string) => {
  const command = offeredCommands
    .get()
    .flat()
    .find((one) => one.id === id)
  if (!command) throw new Error(`no command is ${id}`)
  let used: boolean | void = false
  act(() => {
    used = command.run()
  })
  return used
}

test('what came since this person left is marked, and the mark is gone once they write', () => {
  writeStored(readKey, '2')
  const { say } = room([said(1), said(2), said(3), said(4)])
  const mark = screen.getByText('New')
  expect(mark.compareDocumentPosition(screen.getByText('line 3')) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy()
  expect(mark.compareDocumentPosition(screen.getByText('line 2')) & Node.DOCUMENT_POSITION_PRECEDING).toBeTruthy()
  expect(readStored(readKey)).toBe('4')
  say(said(5, ada))
  expect(screen.queryByText('New')).toBeNull()
})

test('who read everything, or was never here, sees no mark, also when more comes', () => {
  const { say, unmount } = room([said(1)])
  say(said(2))
  expect(screen.queryByText('New')).toBeNull()
  unmount()
  room([said(1), said(2)])
  expect(screen.queryByText('New')).toBeNull()
})

test('a finished message is said once, not what is drawn', () => {
  const { say } = room([said(1)])
  const log = screen.getByRole('log', { name: 'Trajectory' })
  expect(log.getAttribute('aria-live')).toBe('polite')
  expect(within(log).getByRole('group', { name: 'Trajectory' }).getAttribute('aria-live')).toBe('off')
  say(said(2, builder))
  expect(screen.getAllByText('Builder: line 2')).toHaveLength(1)
  say(said(3, mei))
  expect(screen.queryByText('Builder: line 2')).toBeNull()
})

test('a long session draws a bounded number of rows, the newest', () => {
  room(Array.from({ length: 300 }, (_, at) => said(at + 1)))
  expect(screen.getByText('line 300')).toBeDefined()
  expect(document.querySelectorAll('[data-row]').length).toBeLessThanOrEqual(200)
})

test('the conversation shows what the one reads whom Ada follows, wherever that is, and keeps her focus', async () => {
  const sharedReading = { mine: createStore<Reading | undefined>(undefined), theirs: createStore<Reading | undefined>(undefined) }
  vi.stubGlobal('matchMedia', () => ({ matches: true }))
  room(
    Array.from({ length: 300 }, (_, at) => said(at + 1)),
    { sharedReading },
  )
  expect(screen.queryByText('line 20')).toBeNull()
  const focused = document.activeElement
  act(() => sharedReading.theirs.set({ item: ids.item(20), at: 0.5 }))
  expect(await screen.findByText('line 20')).toBeDefined()
  expect(screen.queryByText('line 300')).toBeNull()
  expect(screen.getByRole('button', { name: 'Jump to latest' })).toBeDefined()
  expect(document.activeElement).toBe(focused)
  act(() => sharedReading.theirs.set('end'))
  expect(await screen.findByText('line 300')).toBeDefined()
})

test('keys go from item to item, copy and quote; a key without an item is left to others', async () => {
  const user = userEvent.setup()
  const written = vi.spyOn(navigator.clipboard, 'writeText')
  const onQuote = vi.fn<(markdown: string) => void>()
  room([said(1), said(2), said(3, ada, { text: 'Keep **the latest**.\nPlease.' })], { onQuote })
  expect(press('conversation.copy')).toBe(false)
  // In a page without sizes nothing is in view: Tab leads to the newest.
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')]
  expect(rows.map((row) => row.tabIndex)).toEqual([-1, -1, 0])
  await user.tab()
  expect(document.activeElement).toBe(rows[2])
  press('conversation.previous')
  expect(document.activeElement).toBe(rows[1])
  press('conversation.next')
  expect(document.activeElement).toBe(rows[2])
  press('conversation.copy')
  expect(written).toHaveBeenCalledWith('Keep **the latest**.\nPlease.')
  press('conversation.quote')
  expect(onQuote.mock.calls[0]?.[0]).toBe('> Keep **the latest**.\n> Please.')
  press('conversation.copy-link')
  expect(written.mock.lastCall?.[0]).toMatch(new RegExp(`#${ids.item(3)}$`))
})

test('the row in focus shows what can be done with it, and its menu too', async () => {
  const user = userEvent.setup()
  room([said(1), said(2)], { onAddToPlan: vi.fn<() => void>() })
  await user.tab()
  const bar = screen.getByRole('toolbar', { name: 'Item actions' })
  expect(within(bar).getByRole('button', { name: 'Add to plan' })).toBeDefined()
  await user.pointer({ keys: '[MouseRight]', target: screen.getByText('line 1') })
  expect(await screen.findByRole('menuitem', { name: /Copy link/ })).toBeDefined()
})

const asked = (seq: number): Item => ({
  ...said(seq),
  type: 'approval',
  runId: ids.run,
  approval: anApproval(),
  status: 'pending',
})
const ran = (seq: number) =>
  presented<Item>({
    ...said(seq),
    type: 'tool_call',
    runId: ids.run,
    stepId: ids.step,
    author: builder,
    name: 'run_command',
    args: { command: 'npm install recharts@3.1.0' },
    status: 'ok',
    approvalId: ids.approval,
  })

test('an approved request becomes the row of its call: links, keys and the focus find it there', async () => {
  const renderApproval = vi.fn<RenderApproval>((item, _doc, as) => <p>{`${item.approval.title} as ${as}`}</p>)
  const { doc, say } = room([said(1), asked(2)], { renderApproval })
  expect(screen.getByText('Run a shell command as card')).toBeDefined()
  const card = document.querySelector<HTMLElement>(`[data-items~="${ids.item(2)}"]`)
  card?.focus()
  const votes = [ids.ada, ids.mei].map((by, at) => ({ by, name: at === 0 ? 'Ada' : 'Mei', decision: 'approve', at: noon }))
  act(() => {
    sessionStates(doc).set(ids.item(2), { status: 'approved', args: { command: 'npm install recharts@3.1.0' }, votes, decidedAt: noon })
  })
  // Nothing stands for it until its call is there.
  expect(screen.getByText('Run a shell command as card')).toBeDefined()
  say(ran(3))
  expect(screen.queryByText('Run a shell command as card')).toBeNull()
  const row = screen.getByRole('button', { name: /npm install/ })
  expect(row.textContent).toContain('approved by Ada and Mei')
  await waitFor(() => expect(document.activeElement?.contains(row)).toBe(true))
  await userEvent.click(row)
  expect(screen.getByText('Run a shell command as call')).toBeDefined()
  act(() => (document.activeElement as HTMLElement).blur())
  location.hash = ids.item(2)
  await waitFor(() => expect(document.activeElement?.getAttribute('data-items')).toBe(`${ids.item(3)} ${ids.item(2)}`))
})

test('what a run was asked is asked again when it failed', async () => {
  const sent = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(() =>
    Promise.resolve(Response.json({ itemId: ids.item(9), runId: ids.run }, { status: 202 })),
  )
  vi.stubGlobal('fetch', sent)
  const user = userEvent.setup()
  const failed: Item = { ...said(2), type: 'event', event: 'run_failed', runId: ids.run, text: 'Builder stopped.' } as never
  room([said(1, ada, { runId: ids.run, text: 'Build it', model: 'large' }), failed])
  await user.tab()
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  await waitFor(() => expect(sent).toHaveBeenCalled())
  expect(JSON.parse(String(sent.mock.calls[0]?.[1].body))).toMatchObject({ text: 'Build it', to: 'agent', model: 'large' })
  vi.unstubAllGlobals()
})
