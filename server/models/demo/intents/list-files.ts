import { fieldOf, isRecord } from '../conversation.ts'
import type { Intent } from '../intent.ts'
import { oneRound } from '../intent.ts'

const wish =
  /^(?:please\s+)?(?:list|show)(?: me)?\s+(?:all )?(?:the |my |our )?files(?:\s+(?:in|of|under)\s+[`"']?([\w./-]+?)\/?[`"']?)?[.!?]?$|^(?:what|which) files are (?:there|here)\??$/i

export const listFiles: Intent = {
  id: 'list-files',
  example: 'List the files',
  does: 'Lists the workspace or one of its folders.',
  matches: (text) => wish.test(text),
  reply(conversation) {
    const path = wish.exec(conversation.task.text)?.[1]
    return oneRound(conversation, 'I look.', [{ name: 'list_files', args: path ? { path } : {} }], ({ result }) => {
      const entries = fieldOf(result, 'entries')
      if (!Array.isArray(entries)) return `Here is what I found:\n\n${result?.text.slice(0, 1500) ?? ''}`
      if (entries.length === 0) return 'There are no files yet.'
      const lines = entries.filter(isRecord).map((entry) => `- \`${String(entry.name)}${entry.type === 'folder' ? '/' : ''}\``)
      return `I see ${lines.length === 1 ? 'one entry' : `${lines.length} entries`}:\n\n${lines.slice(0, 50).join('\n')}`
    })
  },
}
