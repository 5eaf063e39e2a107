import type { Intent } from '../intent.ts'
import { offer } from '../intent.ts'

export const help: Intent = {
  id: 'help',
  example: 'What can you do?',
  exampleInChinese: '你能做什么？',
  cues: ['help +1.75'],
  reply: ({ task, say }) => ({ text: offer(say.help(task.by), say.helpNext) }),
}
