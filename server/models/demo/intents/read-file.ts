import { fieldOf } from '../conversation.ts'
import type { Intent } from '../intent.ts'
import { block, oneRound } from '../intent.ts'

const wish = /^(?:please\s+)?(?:read|show(?: me)?|open|print)\s+(?:the file\s+)?[`"']?([\w./-]+\.\w+)[`"']?[.!]?$/i

export const readFile: Intent = {
  id: 'read-file',
  example: 'Read notes.md',
  does: 'Reads a file and shows its beginning.',
  matches: (text) => wish.test(text),
  reply(conversation) {
    const path = wish.exec(conversation.task.text)?.[1] ?? ''
    return oneRound(conversation, `I read \`${path}\`.`, [{ name: 'read_file', args: { path } }], ({ result }) => {
      const content = fieldOf(result, 'content')
      const text = typeof content === 'string' ? content : (result?.text ?? '')
      return `\`${path}\` has ${text.split('\n').length} lines. It begins:\n\n${block(text.slice(0, 800))}`
    })
  },
}
