import { cutAfter } from '#shared/base/cut.ts'
import { z } from 'zod'
import { Question } from '#shared/sessions/items.ts'
import { defineTool } from './define.ts'
import { fieldsOf, listOf, plain, textOf } from './presentation-parts.ts'

const Asked = z.object({
  id: Question.shape.id.optional().describe('To tell the answers apart; made when left out'),
  text: Question.shape.text.describe('The question'),
  options: Question.shape.options.describe('Answers to choose from; people may always write their own'),
})

/** Makes the run wait for people; their answers become the result. */
export const askPeople = defineTool({
  name: 'ask_people',
  description: 'Ask the people of the room, and wait for their answer. For what only they can decide or know; not to report or to confirm.',
  input: z.object({ questions: z.array(Asked).min(1, 'at least one question').max(5, 'at most 5 questions') }).transform(({ questions }, issues) => {
    const numbered = questions.map((question, at) => ({ ...question, id: question.id ?? `q${at + 1}` }))
    if (new Set(numbered.map((question) => question.id)).size < numbered.length) issues.addIssue('each question needs an id of its own')
    return { questions: numbered }
  }),
  risk: 'low',
  idempotent: true,
  title: ({ questions }) => `Ask: ${cutAfter(questions[0]?.text ?? '', 120)}`,
  verb: 'ask',
  present: ({ args }) => ({ kind: 'json', about: plain(textOf(fieldsOf(listOf(args.questions)[0]).text)), asksPeople: true }),
  execute: async ({ questions }) => ({ status: 'wait', questions }),
})
