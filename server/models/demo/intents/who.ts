import type { Intent } from '../intent.ts'

export const who: Intent = {
  id: 'who',
  example: 'Who is here?',
  exampleInChinese: '这里有谁？',
  cues: ['people here !show', '^here people'],
  claims: ({ plain }) => (/^(?:who am i|我是谁)[?？]?$/iu.test(plain) ? 3 : 0),
  reply: ({ task, people, say }) => ({ text: say.who(task.by, people) }),
}
