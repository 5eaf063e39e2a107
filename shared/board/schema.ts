import { z } from 'zod'
import { TodoId } from '../base/ids.ts'
import { EpochMs } from '../base/time.ts'

export const TodoStatus = z.enum(['pending', 'in_progress', 'completed', 'cancelled'])
export type TodoStatus = z.infer<typeof TodoStatus>

/** UTF-16 units of a todo's text, and how many todos a board shows. */
export const boardLimits = { text: 500, todos: 500 } as const

/**
 * One step of the shared plan, in the board's `todos` map under its id, each field a value of a Y.Map so that edits of
 * different fields merge. `order` is a fractional index (a string that sorts between its neighbours').
 */
export const Todo = z.object({
  id: TodoId,
  text: z.string().max(boardLimits.text),
  status: TodoStatus,
  order: z.string().min(1).max(200),
  /** A UserId or AgentId. Browsers write it: it is shown, and decides nothing. */
  assignee: z.string().max(80).nullable(),
  createdAt: EpochMs,
})
export type Todo = z.infer<typeof Todo>
