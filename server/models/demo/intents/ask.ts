import { fieldOf, isRecord, textOf } from '../conversation.ts'
import type { Intent } from '../intent.ts'
import { oneRound, to } from '../intent.ts'

const wish = /^(?:please\s+)?ask\s+(?:me|us|the room|people|a question)\b\s*(.*)$/i

export const ask: Intent = {
  id: 'ask',
  example: 'Ask me which colour I like',
  does: 'Asks the room a question and waits for the answer.',
  matches: (text) => wish.test(text) && !/\bapprov/i.test(text),
  reply(conversation) {
    const about = wish.exec(conversation.task.text)?.[1]?.replace(/[.?!]$/, '') ?? ''
    const colours = about === '' || /colou?r/i.test(about)
    const question = colours
      ? { id: 'colour', text: 'Which colour do you like best?', options: ['Blue', 'Green', 'Red', 'Teal'] }
      : { id: 'question', text: `${about.charAt(0).toUpperCase()}${about.slice(1)}?` }
    const calls = [{ name: 'ask_people', args: { questions: [question] } }]
    return oneRound(conversation, `I have a question${to(conversation.task.by)}.`, calls, ({ result }) => {
      const answers = fieldOf(result, 'answers')
      const said = (Array.isArray(answers) ? answers : []).filter(isRecord).map((given) => textOf(given.answer) || textOf(given.text))
      return `Thank you! I note your answer: ${said.join('; ').slice(0, 500)}`
    })
  },
}
