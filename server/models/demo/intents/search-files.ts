import { fieldOf } from '../conversation.ts'
import type { Intent } from '../intent.ts'
import { block, oneRound, unquote } from '../intent.ts'
import type { Request } from '../understanding/request.ts'

const tail = /\s+(?:in|within|across|inside)\s+(?:[\w./-]+|(?:all |any of )?(?:the|our|my|these)\s+(?:files?|workspace|project|folder|notes))$/i
const patterns = [
  /^(?:is|are|was|were|does|do)\s+(?:the\s+)?(?:words?|text|term)\s+(.+?)\s+(?:used|mentioned|written|found|appears?|occurs?)\b/i,
  /\b(?:contains?|containing|mentions?|mentioned|mentioning|includes?|including)\s+(?:the\s+)?(?:words?|text|term|string)?\s*(.+)$/i,
  /\b(?:search|grep|look)\s+(?:through\s+)?(?:(?:the|all|our|my)\s+(?:files|workspace|project)\s+)?(?:for\s+)?(?:the\s+(?:words?|text|term)\s+)?(.+)$/i,
  /\b(?:find|locate)\s+(?:(?:all|every|each|any)\s+)?(?:(?:places?|lines?|occurrences?)\s+(?:of|with|where)\s+)?(?:the\s+(?:words?|text|term)\s+)?(.+)$/i,
  /\b(?:anything|something)\s+(?:about|on)\s+(.+)$/i,
  /\bwhere\s+(?:do|does|did|is|are|was|were)\s+(?:we|i|it|the files?)?\s*(?:talk about|write about|use|say)?\s*(.+?)(?:\s+(?:mentioned|used|written|occur|come up))?$/i,
  /(?:提到|包含|出现)(?:过|了)?(.+?)(?:的文件|的地方)?$/u,
  /(?:搜索|搜|查找|检索|查|找)(?:一下|找|到|所有)*(?:文件(?:里|中)的?)?(.+?)(?:在哪里|在哪)?$/u,
]

/** What to look for: what was quoted, else what follows the wish. */
function wanted({ plain, quoted }: Request): string {
  const bare = plain.replace(/[.!?。？！]+$/u, '').trim()
  const found = quoted[0] ?? patterns.map((pattern) => pattern.exec(bare)?.[1]).find((part) => part !== undefined && part.trim() !== '') ?? bare
  return unquote(found.replace(tail, '').replace(/^(?:单词|这个词|字样|the (?:word|text|term) (?=.))/iu, ''))
    .trim()
    .replace(/^the\s+(?=\w+$)/i, '')
}

export const searchFiles: Intent = {
  id: 'search-files',
  example: 'Search for tides',
  exampleInChinese: '搜索“潮汐”',
  cues: [
    'find|search aQuote +0.5',
    'find files|words|aFile +0.25',
    '^search !aCommand +0.5',
    'search files +0.25',
    'search words +0.25',
    'search aQuote +0.25',
    'files list search +0.5',
  ],
  reply(task) {
    const { say, request } = task
    const pattern = wanted(request)
    const path = /\b(?:in|inside|within)\s+[`"']?[\w./-]+[`"']?[.?!]?$|在\s*[\w./-]+/i.test(request.plain)
      ? (request.files[0] ?? request.folder)
      : undefined
    return oneRound(task, say.files.search(pattern), [{ name: 'search_files', args: { pattern, ...(path && { path }) } }], ({ result }) => {
      const matches = fieldOf(result, 'matches')
      if (!Array.isArray(matches)) return `${say.files.found}\n\n${block(result?.text.slice(0, 1500) ?? '')}`
      if (matches.length === 0) return say.files.noMatch(pattern)
      const lines = (matches as { path?: string; line?: number; text?: string }[]).map((match) => `${match.path}:${match.line}: ${match.text}`)
      return `${say.files.matches(lines.length)}\n\n${block(lines.slice(0, 20).join('\n'))}`
    })
  },
}
