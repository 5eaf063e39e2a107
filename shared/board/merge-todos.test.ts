import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { AgentId, RunId, SessionId, TodoId } from '../base/ids.ts'
import { newId } from '../base/new-id.ts'
import { addTodo, changeTodo, readSuggestions, readTodos, readTodosOf, removeTodo } from './doc.ts'
import { mergeTodos } from './merge-todos.ts'

const add = (doc: Y.Doc, text: string) => addTodo(doc, { id: newId<TodoId>('tdo'), text, status: 'pending', assignee: null, createdAt: 1 })
const session = newId<SessionId>('ses')
const run = newId<RunId>('run')
const builder = (now = 1) => ({ agent: 'builder' as AgentId, session, run, now })
const shown = (doc: Y.Doc) => readTodos(doc).map((todo) => `${todo.text}: ${todo.status}`)

test('a todo is known by its id, else by its words; new ones stand after the one before', () => {
  const doc = new Y.Doc()
  const draw = add(doc, 'Draw')
  add(doc, 'Mei: call the printer')
  const merged = mergeTodos(
    doc,
    [
      { id: draw.id, text: 'Draw the map', status: 'completed' },
      { text: 'Colour the map', status: 'in_progress' },
      { text: '  mei:  CALL the printer ', status: 'pending' },
    ],
    builder(5),
  )
  expect(shown(doc)).toEqual(['Draw the map: completed', 'Colour the map: in_progress', 'Mei: call the printer: pending'])
  expect(merged?.ids).toEqual(readTodos(doc).map((todo) => todo.id))
})

test('saying the same twice adds nothing, and twins are two', () => {
  const doc = new Y.Doc()
  const plan = [
    { text: 'Test', status: 'pending' as const },
    { text: 'Test', status: 'pending' as const },
  ]
  mergeTodos(doc, plan, builder(1))
  mergeTodos(doc, plan, builder(2))
  expect(shown(doc)).toEqual(['Test: pending', 'Test: pending'])
})

test('what people removed stays removed; an id the model made up is a new todo', () => {
  const doc = new Y.Doc()
  const gone = add(doc, 'Draw')
  removeTodo(doc, gone.id)
  const merged = mergeTodos(
    doc,
    [
      { id: gone.id, text: 'Draw', status: 'pending' },
      { id: 'nonsense', text: 'Write', status: 'pending' },
    ],
    builder(),
  )
  expect(shown(doc)).toEqual(['Write: pending'])
  expect(merged?.removed).toEqual(['Draw'])
})

test('Tomás edits while the agent updates: both copies end the same, with both changes', () => {
  const [server, tomas] = [new Y.Doc(), new Y.Doc()]
  const draw = add(server, 'Draw')
  Y.applyUpdate(tomas, Y.encodeStateAsUpdate(server))
  changeTodo(tomas, draw.id, { assignee: 'tomas' })
  add(tomas, 'Buy paint')
  mergeTodos(
    server,
    [
      { text: 'Draw', status: 'completed' },
      { text: 'Frame it', status: 'pending' },
    ],
    builder(3),
  )
  Y.applyUpdate(server, Y.encodeStateAsUpdate(tomas))
  Y.applyUpdate(tomas, Y.encodeStateAsUpdate(server))
  expect(readTodos(server)).toEqual(readTodos(tomas))
  expect(
    readTodos(server)
      .map((todo) => todo.text)
      .sort(),
  ).toEqual(['Buy paint', 'Draw', 'Frame it'])
  expect(readTodos(server).find((todo) => todo.id === draw.id)).toMatchObject({ status: 'completed', assignee: 'tomas' })
})

test('a full board takes nothing more', () => {
  const doc = new Y.Doc()
  for (let todo = 0; todo < 500; todo++) add(doc, `Todo ${todo}`)
  expect(mergeTodos(doc, [{ text: 'One more', status: 'pending' }], builder())).toBeUndefined()
  expect(mergeTodos(doc, [{ text: 'Todo 7', status: 'completed' }], builder())?.ids).toHaveLength(1)
})

test('what the agent only repeats undoes nothing that people changed meanwhile', () => {
  const doc = new Y.Doc()
  const first = mergeTodos(doc, [{ text: 'Draw', status: 'pending' }], builder())
  const id = first?.ids[0] as TodoId
  changeTodo(doc, id, { text: 'Draw the harbour', status: 'cancelled' })
  const again = mergeTodos(doc, [{ id, text: 'Draw', status: 'pending' }], builder())
  expect(shown(doc)).toEqual(['Draw the harbour: cancelled'])
  expect(again?.keptTexts).toEqual([])
})

test('a text that people changed is not rewritten by an agent that has not read it; once read, it is', () => {
  const doc = new Y.Doc()
  const id = mergeTodos(doc, [{ text: 'Draw', status: 'pending' }], builder())?.ids[0] as TodoId
  changeTodo(doc, id, { text: 'Draw the harbour' })
  const blind = mergeTodos(doc, [{ id, text: 'Draw a map', status: 'in_progress' }], builder())
  expect(shown(doc)).toEqual(['Draw the harbour: in_progress'])
  expect(blind?.keptTexts).toEqual([id])
  mergeTodos(doc, [{ id, text: 'Draw the harbour at night', status: 'in_progress' }], builder())
  expect(shown(doc)).toEqual(['Draw the harbour at night: in_progress'])
})

test('another session was told something else', () => {
  const doc = new Y.Doc()
  const id = mergeTodos(doc, [{ text: 'Draw', status: 'pending' }], builder())?.ids[0] as TodoId
  changeTodo(doc, id, { text: 'Draw the harbour' })
  mergeTodos(doc, [{ text: 'Write', status: 'pending' }], { ...builder(), session: newId<SessionId>('ses') })
  mergeTodos(doc, [{ id, text: 'Draw a map', status: 'pending' }], builder())
  expect(shown(doc)[0]).toBe('Draw the harbour: pending')
})

test('a suggestion is no step of the plan until a person adds it, and is made once', () => {
  const doc = new Y.Doc()
  for (let round = 0; round < 2; round++) mergeTodos(doc, [{ text: 'Add a total row', status: 'pending', suggest: true }], builder())
  expect(shown(doc)).toEqual([])
  const [suggestion] = readSuggestions(doc)
  expect(readSuggestions(doc)).toHaveLength(1)
  changeTodo(doc, suggestion?.id as TodoId, { suggestedBy: null })
  expect(shown(doc)).toEqual(['Add a total row: pending'])
})

test('who begins a step that is nobody’s has it; somebody’s stays theirs', () => {
  const doc = new Y.Doc()
  add(doc, 'Draw')
  const write = add(doc, 'Write')
  changeTodo(doc, write.id, { assignee: 'mei' })
  const both = ['Draw', 'Write'].map((text) => ({ text, status: 'in_progress' as const }))
  mergeTodos(doc, both, builder())
  expect(readTodos(doc).map((todo) => todo.assignee)).toEqual(['builder', 'mei'])
})

test('a todo names the session, the author and the run that began it', () => {
  const doc = new Y.Doc()
  mergeTodos(doc, [{ text: 'Draw', status: 'in_progress' }], builder())
  expect(readTodos(doc)[0]).toMatchObject({ sessionId: session, createdBy: 'builder', statusRun: run })
  const later = newId<RunId>('run')
  mergeTodos(doc, [{ text: 'Write', status: 'pending' }], { ...builder(), run: later })
  expect(readTodos(doc)[0]?.statusRun).toBe(run)
  mergeTodos(doc, [{ text: 'Draw', status: 'in_progress' }], { ...builder(), run: later })
  expect(readTodos(doc)[0]).toMatchObject({ status: 'in_progress', statusRun: later })
})

test('another session’s todos are neither changed nor taken for one’s own, by words or by id', () => {
  const doc = new Y.Doc()
  const elsewhere = { ...builder(), session: newId<SessionId>('ses') }
  const id = mergeTodos(doc, [{ text: 'Draw', status: 'pending' }], elsewhere)?.ids[0] as TodoId
  const merged = mergeTodos(
    doc,
    [
      { text: 'Draw', status: 'completed' },
      { id, text: 'Draw a map', status: 'cancelled' },
    ],
    builder(),
  )
  expect(shown(doc)).toEqual(['Draw: pending', 'Draw: completed'])
  expect(merged).toMatchObject({ foreign: ['Draw'], removed: [] })
  expect(readTodosOf(doc, session).map(({ status }) => status)).toEqual(['completed'])
})

test('what a person wrote is theirs to reword, also in the agent’s own session; its state is the agent’s to report', () => {
  const doc = new Y.Doc()
  const mine = { id: newId<TodoId>('tdo'), text: 'Call the printer', status: 'pending' as const, assignee: null, createdAt: 1 }
  addTodo(doc, { ...mine, createdBy: 'usr_mei', sessionId: session })
  mergeTodos(doc, [{ text: 'Other', status: 'pending' }], builder())
  const merged = mergeTodos(doc, [{ id: mine.id, text: 'Ring the print shop', status: 'completed' }], builder())
  expect(shown(doc)).toEqual(['Call the printer: completed', 'Other: pending'])
  expect(merged?.keptTexts).toEqual([mine.id])
})

test('a step of before, of no session, is taken up by the session whose agent works on it', () => {
  const doc = new Y.Doc()
  add(doc, 'Draw')
  const other = newId<SessionId>('ses')
  expect(readTodosOf(doc, other)).toHaveLength(1)
  mergeTodos(doc, [{ text: 'Draw', status: 'in_progress' }], builder())
  expect(readTodosOf(doc, other)).toEqual([])
  expect(readTodosOf(doc, session)).toHaveLength(1)
})
