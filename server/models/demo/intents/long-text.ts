import type { Intent } from '../intent.ts'

export const longText: Intent = {
  id: 'long-text',
  example: 'Stream a long text',
  exampleInChinese: '写一篇长文',
  cues: ['long story !aFile +0.5', '^long !aFile', 'long write !aFile'],
  claims: ({ plain }) =>
    /\bstream\b.*\b(?:text|words)\b|^(?:write|stream|give me)\s+\d{2,6}\s+words\b|(?:写|输出)\s*\d{2,6}\s*(?:个)?字/iu.test(plain) ? 3 : 0,
  reply({ request, say }) {
    const wanted = Math.min(20_000, request.numbers.find((number) => number >= 10) ?? 400)
    const paragraphs: string[] = []
    const wordy = request.language === 'en'
    for (let words = 0, at = 0; words < wanted; at++) {
      const sentences = [0, 1, 2, 3].map((offset) => say.long[(at * 3 + offset) % say.long.length] ?? '')
      const parts = wordy ? sentences.join(' ').split(' ') : Array.from(sentences.join(''))
      const part = parts.slice(0, wanted - words)
      words += part.length
      paragraphs.push(part.join(wordy ? ' ' : ''))
    }
    return { text: paragraphs.join('\n\n') }
  },
}
