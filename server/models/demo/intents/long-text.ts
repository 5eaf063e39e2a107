import type { Intent } from '../intent.ts'

const wish = /\b(long (?:text|story|answer|essay)|stream (?:a |some |\d+ )?(?:long |words|text))/i
const sentences = [
  'The water comes in twice a day, and the harbour knows it by heart.',
  'Ropes slacken, boats lift, and the mud is gone as if it had never been.',
  'Ada writes the height of each tide in a book with a blue cover.',
  'Mei says that the moon does the work and the sea only answers.',
  'Tomás counts the steps that are still dry and calls the number out.',
  'By noon the wind turns, and small waves run the wrong way.',
  'Nobody hurries, because there is no use in hurrying the sea.',
  'In the evening the numbers are added up, and they agree.',
]

export const longText: Intent = {
  id: 'long-text',
  example: 'Stream a long text',
  does: 'Streams a long text (400 words, or as many as you say up to 20,000).',
  matches: (text) => wish.test(text),
  reply({ task }) {
    const wanted = Math.min(20_000, Number(/\b(\d{2,6})\b/.exec(task.text)?.[1] ?? 400))
    const paragraphs: string[] = []
    for (let words = 0, at = 0; words < wanted; at++) {
      const paragraph = [0, 1, 2, 3].map((offset) => sentences[(at * 3 + offset) % sentences.length] ?? '').join(' ')
      const part = paragraph.split(' ').slice(0, wanted - words)
      words += part.length
      paragraphs.push(part.join(' '))
    }
    return { text: paragraphs.join('\n\n') }
  },
}
