import { fieldOf } from '../conversation.ts'
import type { Intent } from '../intent.ts'
import { block, oneRound, unquote } from '../intent.ts'

const wish = /^(?:please\s+)?(?:search|grep|look)\s+(?:the (?:files|workspace)\s+)?for\s+(.+?)(?:\s+in\s+[`"']?([\w./-]+)[`"']?)?[.!?]?$/i

export const searchFiles: Intent = {
  id: 'search-files',
  example: 'Search for tides',
  does: 'Searches the files and shows the lines it found.',
  matches: (text) => wish.test(text),
  reply(conversation) {
    const [, what = '', path] = wish.exec(conversation.task.text) ?? []
    const pattern = unquote(what)
    return oneRound(
      conversation,
      `I search for “${pattern}”.`,
      [{ name: 'search_files', args: { pattern, ...(path && { path }) } }],
      ({ result }) => {
        const matches = fieldOf(result, 'matches')
        if (!Array.isArray(matches)) return `Here is what I found:\n\n${block(result?.text.slice(0, 1500) ?? '')}`
        if (matches.length === 0) return `No line matches “${pattern}”.`
        const lines = (matches as { path?: string; line?: number; text?: string }[]).map((match) => `${match.path}:${match.line}: ${match.text}`)
        return `I found ${lines.length === 1 ? 'one line' : `${lines.length} lines`}:\n\n${block(lines.slice(0, 20).join('\n'))}`
      },
    )
  },
}
