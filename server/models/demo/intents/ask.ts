import { fieldOf, isRecord, textOf } from '../conversation.ts'
import type { Intent } from '../intent.ts'
import { oneRound } from '../intent.ts'

const wish = /^(?:ask\s+(?:me|us|the room|people|everyone|everybody|a question)\b\s*|问(?:一下|问)?(?:我们|我|大家)?(?:一个问题)?)(.*)$/iu

export const ask: Intent = {
  id: 'ask',
  example: 'Ask me which colour I like',
  exampleInChinese: '问我喜欢什么颜色',
  cues: ['^ask us !approve +1'],
  reply(task) {
    const { say, request } = task
    const about =
      wish
        .exec(request.plain)?.[1]
        ?.replace(/[.?!。？！]$/u, '')
        .trim() ?? ''
    const colours = about === '' || /colou?r|颜色/i.test(about)
    const question = colours ? { id: 'colour', ...say.ask.colour } : { id: 'question', text: say.ask.own(about) }
    const calls = [{ name: 'ask_people', args: { questions: [question] } }]
    return oneRound(task, say.ask.intro(task.task.by), calls, ({ result }) => {
      const answers = fieldOf(result, 'answers')
      const said = (Array.isArray(answers) ? answers : []).filter(isRecord).map((given) => textOf(given.answer) || textOf(given.text))
      return say.ask.thanks(said.join('; ').slice(0, 500))
    })
  },
}
