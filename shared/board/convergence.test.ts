import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { AgentId, RunId, SessionId, TodoId } from '../base/ids.ts'
import { newId } from '../base/new-id.ts'
import { addTodo, changeTodo, moveTodo, readTodos, removeTodo, todoText } from './doc.ts'
import { mergeTodos, type WantedTodo } from './merge-todos.ts'

/** Numbers from a seed, so that a failure can be seen again. */
function random(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state * 1664525 + 1013904223) % 4294967296
    return Math.floor((state / 4294967296) * below)
  }
}

/** What the agent asks for: the plan as it was told last, with a status and now and then a word changed, and a step of its own. */
function wish(told: readonly WantedTodo[], below: (n: number) => number, count: number): WantedTodo[] {
  const statuses = ['pending', 'in_progress', 'completed'] as const
  const again = told.map((todo) => ({
    ...todo,
    status: statuses[below(3)] ?? 'pending',
    ...(below(4) === 0 && { text: `Agent: ${todo.text}`.slice(0, 200) }),
  }))
  return below(3) > 0 && again.length > 0 ? again : [...again, { text: `A${count}`, status: 'pending' }]
}

const exchange = (a: Y.Doc, b: Y.Doc) => {
  const [ofA, ofB] = [Y.encodeStateAsUpdate(a, Y.encodeStateVector(b)), Y.encodeStateAsUpdate(b, Y.encodeStateVector(a))]
  Y.applyUpdate(a, ofB)
  Y.applyUpdate(b, ofA)
}

test.each(Array.from({ length: 60 }, (_, seed) => seed + 1))(
  'three peers and an agent, round %i: all end alike, nothing lost, nothing twice',
  (seed) => {
    const below = random(seed)
    const docs = [new Y.Doc(), new Y.Doc(), new Y.Doc()]
    const server = docs[0] as Y.Doc
    const agent = { agent: 'builder' as AgentId, session: newId<SessionId>('ses'), run: newId<RunId>('run'), now: 1 }
    let told: WantedTodo[] = []
    const made = new Set<TodoId>()
    const removed = new Set<TodoId>()
    /** Signs that people typed, one each: whatever happens around it, a sign in a step that stayed is there in the end. */
    const typed: { id: TodoId; sign: string }[] = []

    for (let step = 0; step < 120; step++) {
      const doc = docs[below(3)] as Y.Doc
      const todos = readTodos(doc)
      const todo = todos[below(todos.length)]
      const act = below(14)
      doc.transact(() => {
        if (!todo || act < 3) {
          const id = newId<TodoId>('tdo')
          made.add(id)
          addTodo(doc, { id, text: `Step ${made.size}`, status: 'pending', assignee: null, createdAt: made.size }, todo?.id)
        } else if (act < 7) moveTodo(doc, todo.id, todos[below(todos.length + 1)]?.id)
        else if (act < 10) {
          const sign = String.fromCodePoint(0x4e00 + typed.length)
          const text = todoText(doc, todo.id)
          text?.insert(below(text.length + 1), sign)
          typed.push({ id: todo.id, sign })
        } else if (act === 10) changeTodo(doc, todo.id, { assignee: ['ada', 'mei', 'builder', null][below(4)] ?? null })
        else if (act === 11) {
          removeTodo(doc, todo.id)
          removed.add(todo.id)
        }
      })
      if (act === 12) {
        server.transact(() => mergeTodos(server, wish(told, below, step), agent))
        for (const { id, statusBy } of readTodos(server)) if (statusBy === 'builder') made.add(id)
        told = readTodos(server).map(({ id, text, status }) => ({ id, text, status }))
      }
      if (act === 13) exchange(docs[below(3)] as Y.Doc, docs[below(3)] as Y.Doc)
    }
    for (let round = 0; round < 2; round++)
      for (const [a, b] of [
        [0, 1],
        [1, 2],
        [0, 2],
      ] as const)
        exchange(docs[a] as Y.Doc, docs[b] as Y.Doc)

    const [first, second, third] = docs.map((doc) => readTodos(doc))
    expect(second).toEqual(first)
    expect(third).toEqual(first)
    const ids = first?.map((todo) => todo.id) ?? []
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(ids)).toEqual(new Set([...made].filter((id) => !removed.has(id))))
    const torn = typed.filter(({ id, sign }) => !removed.has(id) && !first?.find((todo) => todo.id === id)?.text.includes(sign))
    expect(torn).toEqual([])
  },
)
