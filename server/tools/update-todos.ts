import { z } from 'zod'
import { readTodosOf } from '#shared/board/doc.ts'
import { TodoStatus, boardLimits } from '#shared/board/schema.ts'
import { defineTool } from './define.ts'
import { failed, orFailed } from './failed.ts'
import { inArgs, inResult, listOf } from './presentation-parts.ts'
import type { BoardServices } from './services.ts'
import type { Merged } from '#shared/board/merge-todos.ts'
import { mergeTodos } from '#shared/board/merge-todos.ts'

const Wanted = z.object({
  id: z.string().max(80).optional().describe('Id of a todo that exists, as an earlier call returned it'),
  text: z.string().trim().min(1, 'a todo needs text').max(boardLimits.text),
  status: TodoStatus,
  suggest: z.boolean().optional().describe('true: only a suggestion; it joins the plan when a person adds it'),
})

/**
 * Gives `{todos: [{id, text, status}], notes?}`: the plan of its session as it now is, people's todos included, and in words
 * what was left as people or other sessions have it.
 */
export const updateTodos = defineTool({
  name: 'update_todos',
  description:
    'Change the shared plan that everyone in the room sees. Give the todos you add or change, in order; one with the same id or text is updated, the others stay; texts that people wrote stay theirs. You see and change the todos of this session only. Keep one in_progress at a time. Returns the plan with ids.',
  input: z.object({ todos: z.array(Wanted).min(1, 'at least one todo').max(100, 'at most 100 todos at once') }),
  risk: 'low',
  idempotent: true,
  title: ({ todos }) => `Update the plan (${todos.length === 1 ? '1 todo' : `${todos.length} todos`})`,
  verb: 'plan',
  present: ({ args, fields }) => ({
    kind: 'todos',
    about: [{ say: 'steps', with: { count: listOf(args.todos).length } }],
    todos: Array.isArray(fields.todos) ? inResult('todos') : inArgs('todos'),
  }),
  execute: ({ todos }, context, { documents }: BoardServices) =>
    orFailed(async () => {
      context.signal.throwIfAborted()
      const board = await documents.open({ kind: 'board', projectId: context.projectId })
      try {
        const by = { agent: context.agent.id, session: context.sessionId, run: context.runId, now: Date.now() }
        let merged: Merged | undefined
        board.transact((doc) => {
          merged = mergeTodos(doc, todos, by)
        })
        if (!merged) return failed('too_many', `The plan holds at most ${boardLimits.todos} todos. Nothing was changed; update or merge some.`)
        await board.flushed()
        const notes = notesOf(merged)
        const plan = readTodosOf(board.doc, context.sessionId).map(({ id, text, status }) => ({ id, text, status }))
        return { status: 'ok', value: { todos: plan, ...(notes.length > 0 && { notes }) } }
      } finally {
        await board.close()
      }
    }),
})

function notesOf({ keptTexts, foreign, removed }: Merged): string[] {
  return [
    ...(keptTexts.length > 0 ? [`People wrote these texts, and theirs stayed: ${keptTexts.join(', ')}. Read them above.`] : []),
    ...(foreign.length > 0 ? [`These belong to another session and stay as they are: ${foreign.map((text) => `"${text}"`).join(', ')}.`] : []),
    ...(removed.length > 0 ? [`People removed these, and they stay removed: ${removed.map((text) => `"${text}"`).join(', ')}.`] : []),
  ]
}
