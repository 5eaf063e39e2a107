import type { Intent } from '../intent.ts'
import { offer } from '../intent.ts'

export const thanks: Intent = {
  id: 'thanks',
  example: 'Thank you!',
  exampleInChinese: '谢谢！',
  cues: ['^thanks short'],
  reply: ({ task, say }) => ({ text: say.thanks(task.by) }),
}

export const about: Intent = {
  id: 'about',
  example: 'Who are you?',
  exampleInChinese: '你是谁？',
  cues: ['about +1.5'],
  reply: ({ task, say }) => ({ text: offer(say.about(task.by), say.aboutNext) }),
}
