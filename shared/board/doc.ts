import * as Y from 'yjs'
import type { TodoId } from '../base/ids.ts'
import { orderBetween } from './order.ts'
import { Todo, boardLimits } from './schema.ts'
import type { TodoStatus } from './schema.ts'

/*
 * `board/<projectId>`, written by people and agents.
 *   todos  Y.Map: todo id → Y.Map with a value per field of Todo
 *
 * Every reader checks what it reads: anybody with edit rights may have written it.
 */
export const boardTodos = (doc: Y.Doc) => doc.getMap<unknown>('todos')

const fields = Object.keys(Todo.shape)
const known = new WeakMap<Y.Map<unknown>, { key: string; todo: Todo | undefined }>()

/** One todo, the same object as long as nothing about it changed; undefined when it is malformed. */
function parseTodo(entry: unknown): Todo | undefined {
  if (!(entry instanceof Y.Map)) return undefined
  const values = fields.map((field) => entry.get(field))
  // Every field is plain; what is nested is not looked into, however deep it is.
  if (values.some((value) => typeof value === 'object' && value !== null)) return undefined
  const key = JSON.stringify(values)
  const before = known.get(entry)
  if (before?.key === key) return before.todo
  const parsed = Todo.safeParse(Object.fromEntries(fields.map((field, at) => [field, values[at]])))
  const todo = parsed.success ? parsed.data : undefined
  known.set(entry, { key, todo })
  return todo
}

/** The plan in order, at most as many todos as a board shows. */
export function readTodos(doc: Y.Doc): Todo[] {
  const found: Todo[] = []
  for (const [id, entry] of boardTodos(doc)) {
    const todo = parseTodo(entry)
    if (todo && todo.id === id) found.push(todo)
  }
  return found.sort(byOrder).slice(0, boardLimits.todos)
}

const byOrder = (a: Todo, b: Todo) => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.id < b.id ? -1 : 1)

/** Puts a new todo after `after` (at the end when undefined). Call in a transaction. */
export function addTodo(doc: Y.Doc, todo: Omit<Todo, 'order'>, after?: TodoId): Todo {
  const todos = readTodos(doc)
  const at = after === undefined ? todos.length - 1 : todos.findIndex((other) => other.id === after)
  const placed: Todo = { ...todo, order: orderBetween(todos[at]?.order, todos[at + 1]?.order) }
  boardTodos(doc).set(placed.id, new Y.Map(Object.entries(placed)))
  return placed
}

/** Changes fields of a todo; those that stay the same are not written. False when there is no such todo. */
export function changeTodo(doc: Y.Doc, id: TodoId, change: Partial<{ text: string; status: TodoStatus; assignee: string | null }>): boolean {
  const entry = boardTodos(doc).get(id)
  if (!(entry instanceof Y.Map)) return false
  for (const [field, value] of Object.entries(change)) if (value !== undefined && entry.get(field) !== value) entry.set(field, value)
  return true
}

/** Moves a todo after another, or to the front when `after` is undefined. */
export function moveTodo(doc: Y.Doc, id: TodoId, after: TodoId | undefined): boolean {
  const entry = boardTodos(doc).get(id)
  if (!(entry instanceof Y.Map)) return false
  const others = readTodos(doc).filter((todo) => todo.id !== id)
  const at = after === undefined ? -1 : others.findIndex((todo) => todo.id === after)
  entry.set('order', orderBetween(others[at]?.order, others[at + 1]?.order))
  return true
}

export const removeTodo = (doc: Y.Doc, id: TodoId) => boardTodos(doc).delete(id)
