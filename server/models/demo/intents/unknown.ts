import type { Intent } from '../intent.ts'
import { offer } from '../intent.ts'

/** What it says to anything it does not know: the truth, and three things that it can do here. */
export const unknown: Intent = {
  id: 'unknown',
  example: '',
  exampleInChinese: '',
  cues: [],
  reply({ task, say, request: { context } }) {
    const next = context.page ? say.unknownAfterPage : context.file ? say.unknownAfterFile(context.file) : say.unknownNext
    return { text: offer(say.unknown(task.by), next) }
  },
}
