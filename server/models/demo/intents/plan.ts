import type { Intent } from '../intent.ts'
import { oneRound, unquote } from '../intent.ts'

const wish = /^(?:please\s+)?(?:make|write|draft|create)?\s*(?:a |the |me a )?plan\s+(?:for |to |about |of )?(.+?)[.!]?$/i

export const plan: Intent = {
  id: 'plan',
  example: 'Plan a launch party',
  does: 'Puts a plan of five steps on the shared board, and suggests a sixth.',
  matches: (text) => wish.test(text),
  reply(conversation) {
    const topic = unquote(wish.exec(conversation.task.text)?.[1] ?? 'the work').slice(0, 80)
    const steps = ['Agree on what done means', 'List what is needed', 'Share out the work', 'Do it and keep notes', 'Look back together']
    const todos = [
      ...steps.map((step, at) => ({ text: `${step}: ${topic}`, status: at === 0 ? 'in_progress' : 'pending' })),
      { text: `Thank everyone: ${topic}`, status: 'pending', suggest: true },
    ]
    return oneRound(conversation, `Here is a plan for ${topic}.`, [{ name: 'update_todos', args: { todos } }], () => {
      return `The plan for ${topic} is on the board, with ${steps.length} steps and a suggestion to add or dismiss. Everyone can change, order or tick them.`
    })
  },
}
