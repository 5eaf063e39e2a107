import { cutAfter } from '../base/cut.ts'
import * as Y from 'yjs'
import { TodoId } from '../base/ids.ts'
import type { SessionId } from '../base/ids.ts'
import { newId } from '../base/new-id.ts'
import { place } from './order.ts'
import { boardLimits, isTodoOf, Todo, Told } from './schema.ts'
import type { NewTodo, TodoChange } from './schema.ts'
import { writeText } from './text-edit.ts'

/*
 * `board/<projectId>`, written by people and agents.
 *   todos  Y.Map: todo id → Y.Map with a value per field of Todo; `text` is a Y.Text · `told`: Told, what an agent knows of it
 *
 * Boards of before kept `text` as a plain string: it is read as it is, and becomes a Y.Text with its first edit.
 * Every reader checks what it reads: anybody with edit rights may have written it.
 */
export const boardTodos = (doc: Y.Doc) => doc.getMap<unknown>('todos')

const fields = Object.keys(Todo.shape)
const known = new WeakMap<Y.Map<unknown>, { key: string; todo: Todo | undefined }>()

const plain = (value: unknown) => (value instanceof Y.Text ? cutAfter(value.toJSON(), boardLimits.text) : value)

/** One todo, the same object as long as nothing about it changed; undefined when it is malformed. */
function parseTodo(entry: unknown): Todo | undefined {
  if (!(entry instanceof Y.Map)) return undefined
  const values = fields.map((field) => (field === 'text' ? plain(entry.get(field)) : entry.get(field)))
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

/** Plan and suggestions together, in order. */
function readAll(doc: Y.Doc): Todo[] {
  const found: Todo[] = []
  for (const [id, entry] of boardTodos(doc)) {
    const todo = parseTodo(entry)
    if (todo && todo.id === id) found.push(todo)
  }
  return found.sort(byOrder)
}

const byOrder = (a: Todo, b: Todo) => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.id < b.id ? -1 : 1)

/** The plan in order, at most as many todos as a board shows. */
export const readTodos = (doc: Y.Doc): Todo[] =>
  readAll(doc)
    .filter((todo) => todo.suggestedBy === null)
    .slice(0, boardLimits.todos)

/** What agents suggest and nobody has added or dismissed, the oldest first. */
export const readSuggestions = (doc: Y.Doc): Todo[] =>
  readAll(doc)
    .filter((todo) => todo.suggestedBy !== null)
    .sort((a, b) => a.createdAt - b.createdAt || byOrder(a, b))
    .slice(0, 20)

/** How many more todos the board takes, suggestions counted. */
export const roomLeft = (doc: Y.Doc): number => Math.max(0, boardLimits.todos - readAll(doc).length)

/** The random end of an id. */
const markOf = (id: string) => id.slice(-5).replace(/0$/, 'g')

/** The key with which a todo stands at a place among the others. */
function settle(doc: Y.Doc, id: string, others: readonly Todo[], at: number): string {
  const { own, others: moved } = place(
    others.map((todo) => todo.order),
    at,
    markOf(id),
  )
  for (const [i, order] of moved) {
    const entry = boardTodos(doc).get(others[i]?.id ?? '')
    if (entry instanceof Y.Map) entry.set('order', order)
  }
  return own
}

/** Puts a new todo after `after` (at the end when undefined, or when it is not there). Call in a transaction. */
export function addTodo(doc: Y.Doc, todo: NewTodo, after?: TodoId): Todo {
  const todos = readAll(doc)
  const found = after === undefined ? -1 : todos.findIndex((other) => other.id === after)
  const placed = Todo.parse({ ...todo, order: settle(doc, todo.id, todos, found < 0 ? todos.length : found + 1) })
  const values: [string, unknown][] = Object.entries(placed).filter(([, value]) => value !== null)
  const entry = new Y.Map<unknown>(values.map(([field, value]) => [field, field === 'text' ? new Y.Text(placed.text) : value]))
  entry.set('assignee', placed.assignee)
  boardTodos(doc).set(placed.id, entry)
  return placed
}

/** The shared text of a todo, to be edited in place; undefined when there is none such. Call in a transaction. */
export function todoText(doc: Y.Doc, id: TodoId): Y.Text | undefined {
  const entry = boardTodos(doc).get(id)
  if (!(entry instanceof Y.Map)) return undefined
  const text = entry.get('text')
  if (text instanceof Y.Text) return text
  const made = new Y.Text(typeof text === 'string' ? text : '')
  entry.set('text', made)
  return made
}

/** Changes fields of a todo; those that stay the same are not written. False when there is no such todo. Call in a transaction. */
export function changeTodo(doc: Y.Doc, id: TodoId, change: TodoChange): boolean {
  const entry = boardTodos(doc).get(id)
  if (!(entry instanceof Y.Map)) return false
  const { text, ...plainFields } = change
  if (text !== undefined && plain(entry.get('text')) !== text) {
    const shared = todoText(doc, id)
    if (shared) writeText(shared, text)
  }
  for (const [field, value] of Object.entries(plainFields)) {
    if (value !== undefined && (entry.get(field) ?? null) !== value) entry.set(field, value)
  }
  return true
}

/** Moves a todo after another, or to the front when `after` is undefined. Call in a transaction. */
export function moveTodo(doc: Y.Doc, id: TodoId, after: TodoId | undefined): boolean {
  const entry = boardTodos(doc).get(id)
  if (!(entry instanceof Y.Map)) return false
  const others = readAll(doc).filter((todo) => todo.id !== id)
  const at = after === undefined ? -1 : others.findIndex((todo) => todo.id === after)
  entry.set('order', settle(doc, id, others, at + 1))
  return true
}

export const removeTodo = (doc: Y.Doc, id: TodoId) => boardTodos(doc).delete(id)

/** Puts a removed todo back as it was, in its place; does nothing when it is there. Call in a transaction. */
export function restoreTodo(doc: Y.Doc, todo: Todo): void {
  if (boardTodos(doc).has(todo.id)) return
  const others = readAll(doc)
  const after = others.filter((other) => byOrder(other, todo) < 0).at(-1)
  const { id } = addTodo(doc, todo, after?.id ?? others[0]?.id)
  if (!after) moveTodo(doc, id, undefined)
}

/**
 * Makes a step of something that was said: its first line that says anything, without the signs of Markdown, at the end of
 * the plan. Undefined when it says nothing, or the board is full. Call in a transaction.
 */
export function addTodoFrom(
  doc: Y.Doc,
  said: string,
  now: number,
  by: { createdBy?: string | null; sessionId?: string | null } = {},
): Todo | undefined {
  const lines = said
    .split('\n')
    .map((line) => line.replace(/^\s*(?:(?:#{1,6}|>|[*+-]|\d+[.)])\s+)*/u, '').replace(/[*_`]{1,3}(\S(?:.*?\S)?)[*_`]{1,3}/gu, '$1'))
  const text = lines.map((line) => line.trim()).find((line) => /[\p{L}\p{N}]/u.test(line))
  if (!text || roomLeft(doc) === 0) return undefined
  const id = TodoId.parse(newId<TodoId>('tdo', now))
  return addTodo(doc, { id, text: cutAfter(text, boardLimits.text), status: 'pending', assignee: null, createdAt: now, ...by })
}

export const readTold = (doc: Y.Doc, id: TodoId): Told | undefined => {
  const entry = boardTodos(doc).get(id)
  return entry instanceof Y.Map ? Told.safeParse(entry.get('told')).data : undefined
}

/** The plan of one session in order: its own todos, and those that belong to none. */
export const readTodosOf = (doc: Y.Doc, session: SessionId): Todo[] => readTodos(doc).filter((todo) => isTodoOf(todo, session))

/** Notes what an agent is told now of every todo of its session. Call in a transaction. */
export function noteTold(doc: Y.Doc, session: SessionId): void {
  for (const { id, text, status } of readTodosOf(doc, session)) {
    const before = readTold(doc, id)
    if (before?.session === session && before.text === text && before.status === status) continue
    const entry = boardTodos(doc).get(id)
    if (entry instanceof Y.Map) entry.set('told', { session, text, status } satisfies Told)
  }
}
