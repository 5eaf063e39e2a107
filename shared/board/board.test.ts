import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { TodoId } from '../base/ids.ts'
import { newId } from '../base/new-id.ts'
import { addTodo, boardTodos, changeTodo, moveTodo, readTodos, removeTodo } from './doc.ts'
import { orderBetween } from './order.ts'

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
  expect(first?.length).toBeLessThan(110)
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
