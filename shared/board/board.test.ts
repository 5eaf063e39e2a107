import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { TodoId } from '../base/ids.ts'
import { newId } from '../base/new-id.ts'
import { addTodo, addTodoFrom, boardTodos, changeTodo, moveTodo, readTodos, removeTodo, restoreTodo, todoText } from './doc.ts'
import { orderBetween } from './order.ts'
import { boardLimits } from './schema.ts'
import { caretAfter, editBetween } from './text-edit.ts'

const add = (doc: Y.Doc, text: string, after?: TodoId) =>
  addTodo(doc, { id: newId<TodoId>('tdo'), text, status: 'pending', assignee: null, createdAt: 1 }, after)
const texts = (doc: Y.Doc) => readTodos(doc).map((todo) => todo.text)
const sync = (a: Y.Doc, b: Y.Doc) => {
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a))
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b))
}

test('there is always room between two places', () => {
  let keys = [orderBetween(undefined, undefined)]
  let seed = 7
  for (let round = 0; round < 2000; round++) {
    seed = (seed * 1103515245 + 12345) % 2147483648
    const at = seed % (keys.length + 1)
    const key = orderBetween(keys[at - 1], keys[at])
    keys = keys.toSpliced(at, 0, key)
  }
  expect(keys).toEqual(keys.toSorted())
  expect(new Set(keys).size).toBe(keys.length)
})

test('keys stay short when things are only ever added at one end, or in one place', () => {
  let last: string | undefined
  let first: string | undefined
  for (let round = 0; round < 500; round++) {
    last = orderBetween(last, undefined)
    first = orderBetween(undefined, first)
  }
  expect(last?.length).toBeLessThan(30)
  expect(first?.length).toBeLessThan(30)
})

test('todos keep their order, move and go', () => {
  const doc = new Y.Doc()
  const draw = add(doc, 'Draw')
  const write = add(doc, 'Write')
  add(doc, 'Sketch', draw.id)
  expect(texts(doc)).toEqual(['Draw', 'Sketch', 'Write'])
  moveTodo(doc, write.id, undefined)
  expect(texts(doc)).toEqual(['Write', 'Draw', 'Sketch'])
  moveTodo(doc, write.id, draw.id)
  expect(texts(doc)).toEqual(['Draw', 'Write', 'Sketch'])
  removeTodo(doc, draw.id)
  expect(texts(doc)).toEqual(['Write', 'Sketch'])
  expect(changeTodo(doc, draw.id, { text: 'x' })).toBe(false)
})

test('Ada and Mei change different things of one todo at once, and both stay', () => {
  const [ada, mei] = [new Y.Doc(), new Y.Doc()]
  const todo = add(ada, 'Draw')
  sync(ada, mei)
  changeTodo(ada, todo.id, { text: 'Draw the harbour' })
  changeTodo(mei, todo.id, { status: 'completed' })
  add(mei, 'Write')
  add(ada, 'Read')
  sync(ada, mei)
  expect(readTodos(ada)).toEqual(readTodos(mei))
  expect(readTodos(ada)[0]).toMatchObject({ text: 'Draw the harbour', status: 'completed' })
  expect(readTodos(ada)).toHaveLength(3)
})

test('what is malformed is left out, and what did not change is the same object', () => {
  const doc = new Y.Doc()
  const todo = add(doc, 'Draw')
  boardTodos(doc).set('junk', 'text')
  boardTodos(doc).set(newId('tdo'), new Y.Map(Object.entries({ id: todo.id, text: 5 })))
  const [before] = readTodos(doc)
  add(doc, 'Write')
  expect(readTodos(doc)).toHaveLength(2)
  expect(readTodos(doc)[0]).toBe(before)
})

test('Ada and Mei write in one text at once, and both are read', () => {
  const [ada, mei] = [new Y.Doc(), new Y.Doc()]
  const todo = add(ada, 'Check totals')
  sync(ada, mei)
  changeTodo(ada, todo.id, { text: 'Check all totals' })
  changeTodo(mei, todo.id, { text: 'Check totals against the sheet' })
  sync(ada, mei)
  expect(texts(ada)).toEqual(['Check all totals against the sheet'])
  expect(texts(mei)).toEqual(texts(ada))
})

test('a board from before, its texts plain strings, is read and edited', () => {
  const doc = new Y.Doc()
  const id = newId<TodoId>('tdo')
  boardTodos(doc).set(id, new Y.Map(Object.entries({ id, text: 'Draw', status: 'pending', order: 'V', assignee: null, createdAt: 1 })))
  expect(texts(doc)).toEqual(['Draw'])
  changeTodo(doc, id, { text: 'Draw it' })
  todoText(doc, id)?.insert(7, ' well')
  expect(texts(doc)).toEqual(['Draw it well'])
})

test('a text that grew past its bound is cut where it is read, and its step stays', () => {
  const doc = new Y.Doc()
  const todo = add(doc, 'x'.repeat(490))
  todoText(doc, todo.id)?.insert(0, 'y'.repeat(100))
  expect(readTodos(doc)[0]?.text).toHaveLength(boardLimits.text)
})

test.each([
  ['Ada', 2, 1],
  ['Mei', 1, 2],
])('what one moves while another moves its neighbour stays where it was put, also when %s writes last', (_, adasNumber, meisNumber) => {
  const [ada, mei] = [new Y.Doc(), new Y.Doc()]
  Object.assign(ada, { clientID: adasNumber })
  Object.assign(mei, { clientID: meisNumber })
  for (const doc of [ada, mei]) for (const text of ['One', 'Two', 'Three']) add(doc, text)
  sync(ada, mei)
  const [first, , , fourth, , last] = readTodos(ada).map((todo) => todo.id)
  moveTodo(ada, last as TodoId, undefined)
  moveTodo(mei, first as TodoId, fourth)
  sync(ada, mei)
  const ids = readTodos(mei).map((todo) => todo.id)
  expect(ids[0]).toBe(last)
  expect(ids.indexOf(first as TodoId)).toBe(ids.indexOf(fourth as TodoId) + 1)
  expect(new Set(readTodos(mei).map((todo) => todo.order)).size).toBe(6)
})

test('steps that share one place are told apart when another goes between them', () => {
  const doc = new Y.Doc()
  for (const text of ['One', 'Two']) {
    const { id } = add(doc, text)
    const entry = boardTodos(doc).get(id)
    if (entry instanceof Y.Map) entry.set('order', 'V')
  }
  const [first, second] = readTodos(doc)
  add(doc, 'Between', first?.id)
  expect(texts(doc)).toEqual([first?.text, 'Between', second?.text])
})

test('thousands of moves to one place keep every step, and the keys short', () => {
  const doc = new Y.Doc()
  const made = ['a', 'b', 'c', 'd'].map((text) => add(doc, text))
  for (let round = 0; round < 4000; round++) {
    const moved = made[round % 3]?.id as TodoId
    moveTodo(doc, moved, made[3]?.id)
    const ids = readTodos(doc).map((todo) => todo.id)
    expect(ids.indexOf(moved)).toBe(ids.indexOf(made[3]?.id as TodoId) + 1)
  }
  expect(readTodos(doc)).toHaveLength(4)
  expect(Math.max(...readTodos(doc).map((todo) => todo.order.length))).toBeLessThanOrEqual(80)
  expect(texts(doc)[0]).toBe('d')
})

test('what was removed comes back as it was, where it was', () => {
  const doc = new Y.Doc()
  const [draw, write] = [add(doc, 'Draw'), add(doc, 'Write')]
  add(doc, 'Read')
  for (const todo of [write, draw]) {
    removeTodo(doc, todo.id)
    restoreTodo(doc, todo)
    expect(texts(doc)).toEqual(['Draw', 'Write', 'Read'])
  }
})

test('a step is made of the first line that says something', () => {
  const doc = new Y.Doc()
  addTodoFrom(doc, '\n---\n## **Check** the `totals`\nand more', 1)
  addTodoFrom(doc, '2. Ask Mei', 2)
  expect(addTodoFrom(doc, '\n***\n', 3)).toBeUndefined()
  expect(texts(doc)).toEqual(['Check the totals', 'Ask Mei'])
})

test('the smallest edit, where the typing was, and the caret that it moves', () => {
  expect(editBetween('aa', 'aaa', 1)).toEqual({ at: 0, remove: 0, insert: 'a' })
  expect(editBetween('aa', 'aaa', 3)).toEqual({ at: 2, remove: 0, insert: 'a' })
  expect(editBetween('draw it', 'draw')).toEqual({ at: 4, remove: 3, insert: '' })
  expect(editBetween('a😀b', 'a😃b')).toEqual({ at: 1, remove: 2, insert: '😃' })
  const edit = { at: 3, remove: 2, insert: 'xyz' }
  expect([2, 4, 8].map((caret) => caretAfter(caret, edit))).toEqual([2, 6, 9])
})
