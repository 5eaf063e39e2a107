import type * as Y from 'yjs'
import { newId } from '../base/new-id.ts'
import type { AgentId, RunId, SessionId } from '../base/ids.ts'
import { TodoId } from '../base/ids.ts'
import { addTodo, changeTodo, noteTold, readSuggestions, readTodos, readTold, roomLeft } from './doc.ts'
import { isTodoOf } from './schema.ts'
import type { Todo, TodoStatus } from './schema.ts'

export type WantedTodo = { id?: string | undefined; text: string; status: TodoStatus; suggest?: boolean | undefined }

/** Who updates, in which session and run: what was told in the session is what it knows. */
export type Updater = { agent: AgentId; session: SessionId; run: RunId; now: number }

export type Merged = {
  /** In the order asked; those that were left alone are not among them. */
  ids: TodoId[]
  /** People wrote it, or wrote another text since the agent was told: theirs stayed. */
  keptTexts: TodoId[]
  /** Texts of todos that were named by id and belong to another session: they were left alone. */
  foreign: string[]
  /** Removed by people, and not brought back. */
  removed: string[]
}

/**
 * Brings an agent's plan and the board together, in one transaction of the caller. Only todos of its own session, and those
 * that belong to none, are looked at. One is found by its id, else by its text; one that is not found is added after the one
 * before it. Todos that the agent does not mention stay as they are: they are people's. What the agent only repeats of what
 * it was told is no wish of its own: it never undoes what people changed meanwhile. A text that people wrote is theirs, and
 * one that they changed is not rewritten by somebody who has not read it. Undefined when the board is full.
 */
export function mergeTodos(doc: Y.Doc, wanted: readonly WantedTodo[], by: Updater): Merged | undefined {
  const all = [...readTodos(doc), ...readSuggestions(doc)]
  const own = all.filter((todo) => isTodoOf(todo, by.session))
  const taken = new Set<TodoId>()
  const merged: Merged = { ids: [], keptTexts: [], foreign: [], removed: [] }
  const found = wanted.map((todo) => {
    const match = findTodo(own, todo, taken)
    if (match) taken.add(match.id)
    return match
  })
  const isGone = (todo: WantedTodo) => TodoId.safeParse(todo.id).success
  if (found.filter((match, at) => !match && wanted[at] && !isGone(wanted[at])).length > roomLeft(doc)) return undefined
  for (const [at, todo] of wanted.entries()) {
    const match = found[at]
    if (match) {
      if (!update(doc, match, todo, by)) merged.keptTexts.push(match.id)
      merged.ids.push(match.id)
    } else if (isGone(todo)) {
      const other = all.find(({ id }) => id === todo.id)
      if (other) merged.foreign.push(other.text)
      else merged.removed.push(todo.text)
    } else merged.ids.push(add(doc, todo, by, merged.ids.at(-1)))
  }
  noteTold(doc, by.session)
  return merged
}

function add(doc: Y.Doc, todo: WantedTodo, { agent, session, run, now }: Updater, after: TodoId | undefined): TodoId {
  const begun = todo.status === 'in_progress' || todo.status === 'completed'
  const made = {
    id: newId<TodoId>('tdo', now),
    text: todo.text,
    status: todo.suggest ? ('pending' as const) : todo.status,
    assignee: begun && !todo.suggest ? agent : null,
    createdAt: now,
    createdBy: agent,
    sessionId: session,
    statusBy: agent,
    statusIn: session,
    statusRun: run,
    suggestedBy: todo.suggest ? agent : null,
  }
  return addTodo(doc, made, after).id
}

/** False when the text was left as people have it. */
function update(doc: Y.Doc, match: Todo, todo: WantedTodo, { agent, session, run }: Updater): boolean {
  const told = readTold(doc, match.id)
  const here = told?.session === session ? told : undefined
  const mayStatus = match.suggestedBy === null && todo.status !== match.status && here?.status !== todo.status
  if (mayStatus) {
    const takes = todo.status === 'in_progress' && match.assignee === null
    changeTodo(doc, match.id, { status: todo.status, statusBy: agent, statusIn: session, statusRun: run, ...(takes && { assignee: agent }) })
  }
  const goesOn = todo.status === 'in_progress' && match.status === 'in_progress' && match.statusBy === agent
  if (goesOn) changeTodo(doc, match.id, { statusRun: run })
  if (sameText(todo.text, match.text) || todo.text === here?.text) return true
  if (match.createdBy !== null && match.createdBy !== agent) return false
  if (told && here?.text !== match.text) return false
  changeTodo(doc, match.id, { text: todo.text })
  return true
}

const normal = (text: string) => text.trim().replace(/\s+/g, ' ').toLowerCase()
const sameText = (a: string, b: string) => normal(a) === normal(b)

function findTodo(todos: Todo[], wanted: WantedTodo, taken: Set<TodoId>): Todo | undefined {
  const free = todos.filter((todo) => !taken.has(todo.id))
  return free.find((todo) => todo.id === wanted.id) ?? free.find((todo) => sameText(todo.text, wanted.text))
}
