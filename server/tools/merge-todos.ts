import type * as Y from 'yjs'
import { newId } from '#shared/base/new-id.ts'
import type { TodoId } from '#shared/base/ids.ts'
import { addTodo, changeTodo, readTodos } from '#shared/board/doc.ts'
import { boardLimits } from '#shared/board/schema.ts'
import type { Todo, TodoStatus } from '#shared/board/schema.ts'

export type WantedTodo = { id?: string | undefined; text: string; status: TodoStatus }

/**
 * Brings an agent's plan and the board together, in one transaction of the caller. A todo is found by its id, else by its
 * text; one that is not found is added after the one before it. Todos that the agent does not mention stay as they are:
 * they are people's. Gives the ids in the order asked; undefined when the board is full.
 */
export function mergeTodos(doc: Y.Doc, wanted: WantedTodo[], now: number): TodoId[] | undefined {
  const before = readTodos(doc)
  const taken = new Set<TodoId>()
  const found = wanted.map((todo) => {
    const match = findTodo(before, todo, taken)
    if (match) taken.add(match.id)
    return match
  })
  if (before.length + found.filter((match) => !match).length > boardLimits.todos) return undefined
  const ids: TodoId[] = []
  for (const [at, todo] of wanted.entries()) {
    const match = found[at]
    if (match) {
      changeTodo(doc, match.id, { text: todo.text, status: todo.status })
      ids.push(match.id)
    } else {
      const id = newId<TodoId>('tdo', now)
      addTodo(doc, { id, text: todo.text, status: todo.status, assignee: null, createdAt: now }, ids.at(-1))
      ids.push(id)
    }
  }
  return ids
}

function findTodo(todos: Todo[], wanted: WantedTodo, taken: Set<TodoId>): Todo | undefined {
  const free = todos.filter((todo) => !taken.has(todo.id))
  const same = (text: string) => text.trim().replace(/\s+/g, ' ').toLowerCase()
  return free.find((todo) => todo.id === wanted.id) ?? free.find((todo) => same(todo.text) === same(wanted.text))
}
