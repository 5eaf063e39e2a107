import { z } from 'zod'
import type { TodoId } from '#shared/base/ids.ts'
import { readTodos } from '#shared/board/doc.ts'
import { TodoStatus, boardLimits } from '#shared/board/schema.ts'
import { defineTool } from './define.ts'
import { failed, orFailed } from './failed.ts'
import { mergeTodos } from './merge-todos.ts'

const Wanted = z.object({
  id: z.string().max(80).optional().describe('Id of a todo that exists, as an earlier call returned it'),
  text: z.string().trim().min(1, 'a todo needs text').max(boardLimits.text),
  status: TodoStatus,
})

/** Gives `{todos: [{id, text, status}]}`: the whole plan as it now is, people's todos included. */
export const updateTodos = defineTool({
  name: 'update_todos',
  description:
    'Change the shared plan that everyone in the room sees. Give the todos you add or change, in order; one with the same id or text is updated, the others stay. Keep one in_progress at a time. Returns the whole plan with ids.',
  input: z.object({ todos: z.array(Wanted).min(1, 'at least one todo').max(100, 'at most 100 todos at once') }),
  risk: 'low',
  idempotent: true,
  title: ({ todos }) => `Update the plan (${todos.length === 1 ? '1 todo' : `${todos.length} todos`})`,
  execute: ({ todos }, context) =>
    orFailed(async () => {
      context.signal.throwIfAborted()
      const board = await context.documents.open({ kind: 'board', projectId: context.projectId })
      try {
        let ids: TodoId[] | undefined
        board.transact((doc) => {
          ids = mergeTodos(doc, todos, Date.now())
        })
        if (!ids) return failed('too_many', `The plan holds at most ${boardLimits.todos} todos. Nothing was changed; update or merge some.`)
        await board.flushed()
        return { status: 'ok', value: { todos: readTodos(board.doc).map(({ id, text, status }) => ({ id, text, status })) } }
      } finally {
        await board.close()
      }
    }),
})
