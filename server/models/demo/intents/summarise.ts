import type { Intent } from '../intent.ts'
import { oneRound } from '../intent.ts'
import type { Request } from '../understanding/request.ts'
import type { Words } from '../words/en.ts'
import { contentOf, linesOf } from './read-file.ts'

/** A summary made of the text's own sentences: its title, those that say most of what it often speaks of, its sections. */
function summaryOf(path: string, text: string, say: Words): string {
  if (text.trim() === '') return say.summary.empty(path)
  const prose = text
    .replace(/```[\s\S]*?(?:```|$)/g, ' ')
    .replace(/<(?:script|style)[\s\S]*?<\/(?:script|style)>/gi, ' ')
    .replace(/<[^>]{1,300}>/g, ' ')
  const titles = [...text.matchAll(/^#{1,3}\s+(.+)$/gm)].map((match) => match[1]?.trim() ?? '')
  const sentences = prose
    .split('\n')
    .filter((line) => !/^\s*(?:#|\||!\[)/.test(line))
    .flatMap((line) => line.replace(/^\s*(?:[-*+>]|\d+[.)])\s+/, '').split(/(?<=[.!?])\s+|(?<=[。！？])/u))
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim())
    .filter((sentence) => /[\p{L}\p{N}]{2}/u.test(sentence))
  const chosen = weightiest(sentences, 3).map((sentence) => `- ${sentence.length > 240 ? `${sentence.slice(0, 239)}…` : sentence}`)
  const words = (text.match(/[\p{Script=Latin}\p{N}'’-]+|\p{Script=Han}/gu) ?? []).length
  return [
    say.summary.of(path, words, linesOf(text)),
    chosen.join('\n'),
    ...(titles.length > 1 ? [say.summary.sections(titles.slice(0, 8))] : []),
    say.summary.how,
  ].join('\n\n')
}

/** In their own order, those whose words occur most; the first one counts for more, long ones for no more than others. */
function weightiest(sentences: readonly string[], count: number): string[] {
  const wordsOf = (sentence: string) => sentence.toLowerCase().match(/[a-z]{4,}|\p{Script=Han}{2}/gu) ?? []
  const often = new Map<string, number>()
  for (const word of sentences.flatMap(wordsOf)) often.set(word, (often.get(word) ?? 0) + 1)
  const scored = sentences.map((sentence, at) => {
    const found = wordsOf(sentence)
    const sum = found.reduce((total, word) => total + (often.get(word) ?? 0), 0)
    return { sentence, at, score: sum / Math.sqrt(found.length + 3) + (at === 0 ? 3 : 0) }
  })
  return scored
    .toSorted((one, other) => other.score - one.score || one.at - other.at)
    .slice(0, count)
    .toSorted((one, other) => one.at - other.at)
    .map(({ sentence }) => sentence)
}

const theNotes = (has: Request['has'], plain: string, files: readonly string[]) =>
  !files[0] && has.has('summarise') && has.has('short') && /\b(?:the|our|my|these) notes$|笔记$/iu.test(plain)

export const summarise: Intent = {
  id: 'summarise',
  example: 'Summarise notes.md',
  exampleInChinese: '总结一下 notes.md',
  cues: ['summarise aFile +1', 'summarise knownFile it|note +0.5', '^summarise knownFile short'],
  // "The notes" are notes.md, where nothing else was spoken of.
  claims: ({ plain, files, has }) =>
    theNotes(has, plain, files) ? 2 : files[0] && /\bwhat(?:'s| is)\b.*\babout\b|讲了什么|讲的是什么|说的是什么|关于什么/iu.test(plain) ? 3 : 0,
  reply(task) {
    const { say, request } = task
    const path = request.files[0] ?? request.context.file ?? (theNotes(request.has, request.plain, request.files) ? 'notes.md' : undefined)
    if (path === undefined) return { text: say.files.which }
    return oneRound(task, say.summary.read(path), [{ name: 'read_file', args: { path } }], (step) => summaryOf(path, contentOf(step), say))
  },
}
