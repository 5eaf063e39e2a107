import { fieldOf, textOf } from '../conversation.ts'
import type { Step } from '../conversation.ts'
import type { Intent } from '../intent.ts'
import { block, oneRound } from '../intent.ts'

/** The text of a file that was read. */
export function contentOf({ result }: Step): string {
  const content = fieldOf(result, 'content')
  return typeof content === 'string' ? content : (result?.text ?? '')
}

export const linesOf = (text: string): number => text.replace(/\n$/, '').split('\n').length

export const readFile: Intent = {
  id: 'read-file',
  example: 'Read notes.md',
  exampleInChinese: '读一下 notes.md',
  cues: [
    'said aFile +0.25',
    'said knownFile short +0.25',
    'read aFile',
    '^read aFile',
    'read knownFile it !builtPage',
    '^read knownFile it',
    '^read knownFile textKind short',
  ],
  reply(task) {
    const { say, request } = task
    const path = request.files[0] ?? request.context.file
    if (path === undefined) return { text: say.files.which }
    return oneRound(task, say.files.read(path), [{ name: 'read_file', args: { path } }], (step) => {
      const text = contentOf(step)
      return `${say.files.has(textOf(step.args.path), linesOf(text))}\n\n${block(text.slice(0, 800))}`
    })
  },
}
