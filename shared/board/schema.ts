import { cutAfter } from '../base/cut.ts'
import { z } from 'zod'
import { TodoId } from '../base/ids.ts'
import type { SessionId } from '../base/ids.ts'
import { EpochMs } from '../base/time.ts'

export const TodoStatus = z.enum(['pending', 'in_progress', 'completed', 'cancelled'])
export type TodoStatus = z.infer<typeof TodoStatus>

/** UTF-16 units of a todo's text that are shown, and how many todos a board shows. */
export const boardLimits = { text: 500, todos: 500 } as const

const Name = z.string().max(80).nullable()

/**
 * One step of the shared plan, in the board's `todos` map under its id, each field a value of a Y.Map so that edits of
 * different fields merge; `text` is a Y.Text, so that edits of one text merge too. `order` is a fractional index (a string
 * that sorts between its neighbours'). What people and agents are called here is written by browsers: it is shown, and
 * decides nothing.
 */
export const Todo = z.object({
  id: TodoId,
  text: z.string().transform((text) => cutAfter(text, boardLimits.text)),
  status: TodoStatus,
  order: z.string().min(1).max(200),
  /** A UserId or AgentId. */
  assignee: Name,
  createdAt: EpochMs,
  /** Who wrote it first: a UserId or AgentId. Null in boards of before. */
  createdBy: Name.default(null),
  /** The session it came from. Null where it was added outside of one, and in boards of before. */
  sessionId: Name.default(null),
  /** Who changed the status last: a UserId or AgentId. */
  statusBy: Name.default(null),
  /** The session in which an agent changed it. */
  statusIn: Name.default(null),
  /** The run in which an agent changed it, or went on with it. */
  statusRun: Name.default(null),
  /** The agent that only suggests it: no step of the plan until a person adds it. */
  suggestedBy: Name.default(null),
})
export type Todo = z.infer<typeof Todo>

/** The session a todo belongs to. In a board of before it is the one whose agent last worked on it; null belongs to all. */
export const sessionOfTodo = ({ sessionId, statusIn }: Pick<Todo, 'sessionId' | 'statusIn'>): string | null => sessionId ?? statusIn

/** Whether a todo is among those of a session: its own, and those that belong to all. */
export const isTodoOf = (todo: Pick<Todo, 'sessionId' | 'statusIn'>, session: SessionId): boolean => {
  const own = sessionOfTodo(todo)
  return own === null || own === session
}

/** Nothing is left to do of it. */
export const isSettled = (status: TodoStatus): boolean => status === 'completed' || status === 'cancelled'

/** What a new todo is made of. */
export type NewTodo = Omit<z.input<typeof Todo>, 'order'>

/** What of a todo may be changed. */
export type TodoChange = Partial<
  Pick<z.input<typeof Todo>, 'text' | 'status' | 'assignee' | 'statusBy' | 'statusIn' | 'statusRun' | 'suggestedBy' | 'sessionId'>
>

/** What an agent was last told of a todo, in one session: what it repeats without changing is not its own wish. */
export const Told = z.object({ session: z.string(), text: z.string(), status: TodoStatus })
export type Told = z.infer<typeof Told>
