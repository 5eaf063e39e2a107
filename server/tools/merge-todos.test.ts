import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { TodoId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { addTodo, changeTodo, readTodos, removeTodo } from '#shared/board/doc.ts'
import { mergeTodos } from './merge-todos.ts'

const add = (doc: Y.Doc, text: string) => addTodo(doc, { id: newId<TodoId>('tdo'), text, status: 'pending', assignee: null, createdAt: 1 })
const shown = (doc: Y.Doc) => readTodos(doc).map((todo) => `${todo.text}: ${todo.status}`)

test('a todo is known by its id, else by its words; new ones stand after the one before', () => {
  const doc = new Y.Doc()
  const draw = add(doc, 'Draw')
  add(doc, 'Mei: call the printer')
  const ids = mergeTodos(
    doc,
    [
      { id: draw.id, text: 'Draw the map', status: 'completed' },
      { text: 'Colour the map', status: 'in_progress' },
      { text: '  mei:  CALL the printer ', status: 'pending' },
    ],
    5,
  )
  expect(shown(doc)).toEqual(['Draw the map: completed', 'Colour the map: in_progress', '  mei:  CALL the printer : pending'])
  expect(ids).toEqual(readTodos(doc).map((todo) => todo.id))
})

test('saying the same twice adds nothing, and twins are two', () => {
  const doc = new Y.Doc()
  const plan = [
    { text: 'Test', status: 'pending' as const },
    { text: 'Test', status: 'pending' as const },
  ]
  mergeTodos(doc, plan, 1)
  mergeTodos(doc, plan, 2)
  expect(shown(doc)).toEqual(['Test: pending', 'Test: pending'])
})

test('an id that is not there any more is found by its words, or made anew', () => {
  const doc = new Y.Doc()
  const gone = add(doc, 'Draw')
  removeTodo(doc, gone.id)
  mergeTodos(
    doc,
    [
      { id: gone.id, text: 'Draw', status: 'pending' },
      { id: 'nonsense', text: 'Write', status: 'pending' },
    ],
    1,
  )
  expect(shown(doc)).toEqual(['Draw: pending', 'Write: pending'])
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
    3,
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
  expect(mergeTodos(doc, [{ text: 'One more', status: 'pending' }], 1)).toBeUndefined()
  expect(mergeTodos(doc, [{ text: 'Todo 7', status: 'completed' }], 1)).toHaveLength(1)
})
