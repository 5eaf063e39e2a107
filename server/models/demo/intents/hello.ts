import type { Intent } from '../intent.ts'
import { offer } from '../intent.ts'

export const hello: Intent = {
  id: 'hello',
  example: 'Hello!',
  exampleInChinese: '你好！',
  cues: ['^hello short !outside'],
  reply: ({ task, say }) => ({ text: offer(say.hello(task.by), say.helloNext) }),
}
