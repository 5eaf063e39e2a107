import { cutAfter } from '#shared/base/cut.ts'

/** What a session is called until somebody says something. */
export const untitled = 'New session'

/** A title from the first message: its first line with words, without mentions, at most 60 characters, cut at a word. */
export function titleFrom(text: string): string {
  const line = text.split('\n').find((part) => /[\p{L}\p{N}]/u.test(part)) ?? ''
  const plain = line
    .replace(/(^|\s)@[\w-]+/g, '$1')
    .replace(/^[#>*\-\s]+/, '')
    .replace(/\s+/g, ' ')
    .trim()
  if (plain === '') return untitled
  if (plain.length <= 60) return plain
  const cut = cutAfter(plain, 60)
  const space = cut.lastIndexOf(' ')
  return `${space > 30 ? cut.slice(0, space) : cut}…`
}
