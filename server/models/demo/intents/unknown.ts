import type { Intent } from '../intent.ts'
import { offer } from '../intent.ts'
import { wantsGame } from '../pages/wish.ts'

/** What it says to anything it does not know: the truth, and three things that it can do here. */
export const unknown: Intent = {
  id: 'unknown',
  example: '',
  exampleInChinese: '',
  cues: [],
  reply({ task, say, request }) {
    if (wantsGame(request)) return { text: offer(say.page.noGame, say.page.noneNext) }
    const { context } = request
    const next = context.page ? say.unknownAfterPage : context.file ? say.unknownAfterFile(context.file) : say.unknownNext
    return { text: offer(say.unknown(task.by), next) }
  },
}
