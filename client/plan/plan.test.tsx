import { act, fireEvent, render, screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { RunId, SessionId, TodoId } from '#shared/base/ids.ts'
import { addTodo, changeTodo, moveTodo, readSuggestions, readTodos, removeTodo } from '#shared/board/doc.ts'
import type { TodoStatus } from '#shared/board/schema.ts'
import { listenForKeys } from '../commands/keys.ts'
import { writeStored } from '../offline/stored.ts'
import { ada, builder, ids, mei } from '../testing.tsx'
import { Plan } from './plan.tsx'

beforeEach(() => {
  listenForKeys()
  writeStored('plan:scope', null)
})

const elsewhere = ids.session.replace(/1$/, '2') as SessionId

let made = 0
const add = (doc: Y.Doc, text: string, status: TodoStatus = 'pending') => {
  made += 1
  const id = `tdo_0190a6e0-0000-7000-8000-${String(made).padStart(12, '0')}` as TodoId
  act(() => doc.transact(() => void addTodo(doc, { id, text, status, assignee: builder.id, createdAt: made })))
}
const show = (doc: Y.Doc, mayEdit = true) => render(<Plan doc={doc} ready mayEdit={mayEdit} people={[]} agents={[builder]} />)
const texts = (doc: Y.Doc) => readTodos(doc).map((todo) => todo.text)
const plan = () => screen.getByRole('list', { name: 'Plan' })
const steps = () =>
  within(plan())
    .queryAllByRole('listitem')
    .map((step) => step.textContent)

test('an empty plan says how it begins', () => {
  show(new Y.Doc())
  expect(screen.getByText('No plan yet. Add the first step, or let the agent suggest one.')).toBeDefined()
})

test('Ada adds a step and sees the agent’s beside it', async () => {
  const doc = new Y.Doc()
  show(doc)
  await userEvent.click(screen.getByRole('button', { name: 'Add a step' }))
  await userEvent.type(screen.getByRole('textbox', { name: 'New step' }), 'Read the export{Enter}')
  expect(readTodos(doc).map((todo) => todo.text)).toEqual(['Read the export'])
  add(doc, 'Chart it', 'in_progress')
  expect(steps()).toEqual(['Read the export', expect.stringContaining('Chart it')])
  expect(screen.getByText('0 of 2')).toBeDefined()
})

test('one press begins a step, the next finishes it', async () => {
  const doc = new Y.Doc()
  add(doc, 'Chart it')
  show(doc)
  await userEvent.click(screen.getByRole('button', { name: 'Open: Chart it' }))
  expect(readTodos(doc)[0]?.status).toBe('in_progress')
  await userEvent.click(screen.getByRole('button', { name: 'In progress: Chart it' }))
  expect(readTodos(doc)[0]?.status).toBe('completed')
  expect(screen.getByText('1 of 1')).toBeDefined()
})

test('many finished steps fold into one line', async () => {
  const doc = new Y.Doc()
  for (let i = 1; i <= 7; i += 1) add(doc, `Done ${i}`, 'completed')
  add(doc, 'Still to do')
  show(doc)
  expect(steps()).toHaveLength(1)
  await userEvent.click(screen.getByRole('button', { name: '7 done' }))
  expect(steps()).toHaveLength(8)
})

test('a viewer reads and changes nothing', async () => {
  const doc = new Y.Doc()
  add(doc, 'Chart it')
  show(doc, false)
  expect(screen.queryByRole('button', { name: 'Add a step' })).toBeNull()
  await userEvent.click(screen.getByRole('button', { name: 'Open: Chart it' }))
  expect(readTodos(doc)[0]?.status).toBe('pending')
})

test('Space takes a step, the arrows move it, Space drops it, Escape puts it back; each is said', async () => {
  const doc = new Y.Doc()
  for (const text of ['Draw', 'Write', 'Read']) add(doc, text)
  show(doc)
  const grip = screen.getByRole('button', { name: 'Move "Draw"' })
  grip.focus()
  await userEvent.keyboard(' ')
  expect(screen.getByText(/Grabbed "Draw", step 1 of 3/)).toBeDefined()
  await userEvent.keyboard('{ArrowDown}')
  expect(screen.getByText('Step 2 of 3')).toBeDefined()
  expect(texts(doc)).toEqual(['Draw', 'Write', 'Read'])
  await userEvent.keyboard(' ')
  expect(texts(doc)).toEqual(['Write', 'Draw', 'Read'])
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Move "Draw"' }))
  await userEvent.keyboard(' {End}{Escape}')
  expect(texts(doc)).toEqual(['Write', 'Draw', 'Read'])
  expect(screen.getByText('"Draw" is back in its place')).toBeDefined()
})

test('a step dropped first stands before what is folded away only when it was put there', async () => {
  const doc = new Y.Doc()
  for (let i = 1; i <= 6; i += 1) add(doc, `Done ${i}`, 'completed')
  for (const text of ['Draw', 'Write']) add(doc, text)
  show(doc)
  screen.getByRole('button', { name: 'Move "Write"' }).focus()
  await userEvent.keyboard(' {ArrowUp} ')
  expect(texts(doc)).toEqual(['Done 1', 'Done 2', 'Done 3', 'Done 4', 'Done 5', 'Done 6', 'Write', 'Draw'])
})

test('what Ada types goes into the shared text at once, beside what Mei types', async () => {
  const doc = new Y.Doc()
  add(doc, 'Check totals')
  show(doc)
  await userEvent.click(screen.getByRole('button', { name: 'Check totals' }))
  const box = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Step' })
  await userEvent.type(box, ' twice')
  expect(texts(doc)).toEqual(['Check totals twice'])
  act(() => void changeTodo(doc, readTodos(doc)[0]?.id as TodoId, { text: 'Check all totals twice' }))
  expect(box.value).toBe('Check all totals twice')
  expect(box.selectionStart).toBe(box.value.length)
  await userEvent.keyboard('{Escape}')
  expect(texts(doc)).toEqual(['Check all totals'])
})

test('undo takes back Ada’s last change, and nothing of Mei’s', async () => {
  const doc = new Y.Doc()
  const remote = new Y.Doc()
  add(doc, 'Draw')
  Y.applyUpdate(remote, Y.encodeStateAsUpdate(doc))
  show(doc)
  await userEvent.click(screen.getByRole('button', { name: 'Open: Draw' }))
  changeTodo(remote, readTodos(remote)[0]?.id as TodoId, { assignee: mei.id })
  act(() => Y.applyUpdate(doc, Y.encodeStateAsUpdate(remote), 'remote'))
  await userEvent.keyboard('{Control>}z{/Control}')
  expect(readTodos(doc)[0]).toMatchObject({ status: 'pending', assignee: mei.id })
  await userEvent.keyboard('{Control>}{Shift>}z{/Shift}{/Control}')
  expect(readTodos(doc)[0]?.status).toBe('in_progress')
})

test('a deleted step comes back with undo, text and place', async () => {
  const doc = new Y.Doc()
  for (const text of ['Draw', 'Write']) add(doc, text)
  show(doc)
  await userEvent.click(screen.getByRole('button', { name: 'Change "Draw"' }))
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete' }))
  expect(texts(doc)).toEqual(['Write'])
  screen.getByRole('button', { name: 'Open: Write' }).focus()
  await userEvent.keyboard('{Control>}z{/Control}')
  expect(texts(doc)).toEqual(['Draw', 'Write'])
})

test('who edits is shown, with their caret; and one’s own editing is told to the room', async () => {
  const doc = new Y.Doc()
  add(doc, 'Draw')
  const id = readTodos(doc)[0]?.id as TodoId
  const awareness = new Awareness(new Y.Doc())
  const present = [
    { user: ada, self: true },
    { user: { id: ids.mei, name: 'Mei' }, self: false, plan: { todo: id, caret: 2 } },
  ]
  render(<Plan doc={doc} ready mayEdit people={[]} agents={[builder]} awareness={awareness} present={present} />)
  expect(screen.getByText('Mei is editing')).toBeDefined()
  await userEvent.click(screen.getByRole('button', { name: /^Dr/ }))
  expect(awareness.getLocalState()?.plan).toMatchObject({ todo: id })
  await userEvent.keyboard('{Enter}')
  expect(awareness.getLocalState()?.plan).toBeNull()
})

test('a suggestion is added or dismissed by a person', async () => {
  const doc = new Y.Doc()
  for (const text of ['Add a total row', 'Add a chart']) {
    made += 1
    const id = `tdo_0190a6e0-0000-7000-8000-${String(made).padStart(12, '0')}` as TodoId
    addTodo(doc, { id, text, status: 'pending', assignee: null, createdAt: made, suggestedBy: builder.id })
  }
  show(doc)
  expect(await screen.findByText('Builder suggests: Add a total row')).toBeDefined()
  await userEvent.click(screen.getByRole('button', { name: 'Add "Add a total row"' }))
  await userEvent.click(screen.getByRole('button', { name: 'Dismiss "Add a chart"' }))
  expect(texts(doc)).toEqual(['Add a total row'])
  expect(readSuggestions(doc)).toEqual([])
})

test('the step whose agent waits for people says for how many, and a skipped one by whom', () => {
  const doc = new Y.Doc()
  add(doc, 'Publish', 'in_progress')
  add(doc, 'Export')
  changeTodo(doc, readTodos(doc)[1]?.id as TodoId, { status: 'cancelled', statusBy: mei.id })
  changeTodo(doc, readTodos(doc)[0]?.id as TodoId, { statusBy: builder.id, statusIn: ids.session, statusRun: ids.run })
  const requestedBy = { agentId: builder.id, agentName: 'Builder', causedBy: ids.ada, causedByName: 'Ada' }
  const request = { requestedBy, sessionId: ids.session, runId: ids.run, quorum: 2, votes: [] }
  render(<Plan doc={doc} ready mayEdit people={[mei]} agents={[builder]} approvals={[request]} />)
  expect(screen.getByText('needs 2 approvals')).toBeDefined()
  expect(screen.getByRole('button', { name: 'Waiting: Publish' })).toBeDefined()
  expect(screen.getByText('skipped by Mei')).toBeDefined()
})

test('what the same agent asks in another session, or of a step that a person began, is no lock on a step', () => {
  const doc = new Y.Doc()
  add(doc, 'Publish', 'in_progress')
  add(doc, 'Export', 'in_progress')
  const [publish, draw] = readTodos(doc).map((todo) => todo.id)
  changeTodo(doc, publish as TodoId, { statusBy: builder.id, statusIn: ids.session, statusRun: ids.run })
  changeTodo(doc, draw as TodoId, { statusBy: ids.ada })
  const requestedBy = { agentId: builder.id, agentName: 'Builder', causedBy: ids.ada, causedByName: 'Ada' }
  const request = { requestedBy, sessionId: elsewhere, runId: ids.run, quorum: 1, votes: [] }
  const plan = (approvals: (typeof request)[]) => <Plan doc={doc} ready mayEdit people={[]} agents={[builder]} approvals={approvals} />
  const { rerender } = render(plan([request]))
  expect(screen.queryByText(/needs/)).toBeNull()
  rerender(plan([request, { ...request, sessionId: ids.session }]))
  expect(screen.getAllByText('needs 1 approval')).toHaveLength(1)
  expect(screen.getByRole('button', { name: 'Waiting: Publish' })).toBeDefined()
})

test('a step that an earlier run left in progress does not wait for what another run of the session asks', () => {
  const doc = new Y.Doc()
  add(doc, 'Agree on the launch party', 'in_progress')
  changeTodo(doc, readTodos(doc)[0]?.id as TodoId, { statusBy: builder.id, statusIn: ids.session, statusRun: ids.run })
  const requestedBy = { agentId: builder.id, agentName: 'Builder', causedBy: ids.ada, causedByName: 'Ada' }
  const openTerminal = { requestedBy, sessionId: ids.session, runId: ids.run.replace(/1$/, '2') as RunId, quorum: 1, votes: [] }
  render(<Plan doc={doc} ready mayEdit people={[]} agents={[builder]} approvals={[openTerminal]} />)
  expect(screen.queryByText(/needs/)).toBeNull()
  expect(screen.getByRole('button', { name: 'In progress: Agree on the launch party' })).toBeDefined()
})

const inSession = (doc: Y.Doc, text: string, sessionId: SessionId | null, status: TodoStatus = 'pending') => {
  made += 1
  const id = `tdo_0190a6e0-0000-7000-8000-${String(made).padStart(12, '0')}` as TodoId
  act(() => doc.transact(() => void addTodo(doc, { id, text, status, assignee: null, createdAt: made, sessionId })))
}

test('the plan shows this session’s steps and those of no session; All shows the others with where they came from', async () => {
  const doc = new Y.Doc()
  inSession(doc, 'Draw', ids.session, 'completed')
  inSession(doc, 'From before', null)
  inSession(doc, 'Party', elsewhere)
  const opened: string[] = []
  const titleOf = (id: string) => (id === elsewhere ? 'Launch' : undefined)
  render(<Plan doc={doc} ready mayEdit people={[]} agents={[]} sessionId={ids.session} titleOf={titleOf} onSession={(id) => void opened.push(id)} />)
  expect(steps()).toEqual(['Draw', 'From before'])
  expect(screen.getByText('1 of 2')).toBeDefined()
  await userEvent.click(screen.getByRole('radio', { name: 'All' }))
  expect(steps()).toHaveLength(3)
  expect(screen.getByText('1 of 3')).toBeDefined()
  await userEvent.click(screen.getByRole('button', { name: 'From session "Launch"' }))
  expect(opened).toEqual([elsewhere])
  await userEvent.click(screen.getByRole('radio', { name: 'This session' }))
  expect(steps()).toHaveLength(2)
})

test('a session without steps says so and leads to the others’; a step added there is its own', async () => {
  const doc = new Y.Doc()
  inSession(doc, 'Party', elsewhere)
  render(<Plan doc={doc} ready mayEdit people={[]} agents={[]} sessionId={ids.session} />)
  expect(screen.getByText('No steps in this session yet.')).toBeDefined()
  await userEvent.click(screen.getByRole('button', { name: 'Add a step' }))
  await userEvent.type(screen.getByRole('textbox', { name: 'New step' }), 'Read{Enter}{Escape}')
  expect(steps()).toEqual(['Read'])
  expect(readTodos(doc).find(({ text }) => text === 'Read')?.sessionId).toBe(ids.session)
  act(() => doc.transact(() => removeTodo(doc, readTodos(doc).find(({ text }) => text === 'Read')?.id as TodoId)))
  await userEvent.click(screen.getByRole('button', { name: 'Show 1 from another session' }))
  expect(steps()).toEqual([expect.stringContaining('Party')])
})

test('a list that is pasted becomes steps', async () => {
  const doc = new Y.Doc()
  show(doc)
  await userEvent.click(screen.getByRole('button', { name: 'Add a step' }))
  fireEvent.paste(screen.getByRole('textbox', { name: 'New step' }), { clipboardData: { getData: () => '- Draw\n2. Write\n\n- [ ] Read' } })
  expect(texts(doc)).toEqual(['Draw', 'Write', 'Read'])
})

test('while a step is held the others may move', async () => {
  const doc = new Y.Doc()
  for (const text of ['Draw', 'Write', 'Read']) add(doc, text)
  show(doc)
  screen.getByRole('button', { name: 'Move "Draw"' }).focus()
  await userEvent.keyboard(' {ArrowDown}')
  act(() => void moveTodo(doc, readTodos(doc)[2]?.id as TodoId, undefined))
  await userEvent.keyboard(' ')
  expect(texts(doc)).toHaveLength(3)
  expect(new Set(texts(doc)).size).toBe(3)
})

test('the key that ends Ada’s editing ends it for everybody, also when Mei has just moved her caret', async () => {
  const doc = new Y.Doc()
  add(doc, 'Check totals')
  const awareness = new Awareness(new Y.Doc())
  const editing = () => (awareness.getLocalState() as { plan?: unknown } | null)?.plan
  render(<Plan doc={doc} ready mayEdit people={[]} agents={[]} awareness={awareness} />)
  await userEvent.click(screen.getByRole('button', { name: 'Check totals' }))
  const box = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Step' })
  fireEvent.select(box)
  const id = readTodos(doc)[0]?.id as TodoId
  expect(editing()).toMatchObject({ todo: id })
  act(() => doc.transact(() => void changeTodo(doc, id, { text: 'Please check totals' })))
  fireEvent.keyDown(box, { key: 'Enter' })
  expect(screen.queryByRole('textbox', { name: 'Step' })).toBeNull()
  expect(editing()).toBeNull()
  awareness.destroy()
})
