import { goOn, opening, pictureNote } from '../valid-history/notes.ts'
import type { WireMessage } from './wire.ts'

/** How a name stands before what its bearer says: "Ada: ", "Mei (to the people here): ". */
const lead = /^([\p{L}][^\n:`"]{0,79}): /u
const aside = / \(to the people here\)$/

/**
 * What people say one after the other comes as one message, each with their name, as paragraphs. Tells them apart: a
 * paragraph begins a new saying where it begins with the name of somebody who is known to speak.
 */
export function createSayings(messages: readonly WireMessage[]): (message: WireMessage) => WireMessage[] {
  const known = new Set<string>()
  for (const { role, content } of messages) {
    const name = role === 'user' ? nameOf(content ?? '') : undefined
    if (name) known.add(name.replace(aside, ''))
  }
  const begins = (paragraph: string) => {
    const name = nameOf(paragraph)
    return name !== undefined && (aside.test(name) || known.has(name))
  }

  return (message) => {
    const text = withoutNotes(message.content ?? '')
    if (text.trim() === '') return message.content?.trim() ? [] : [message]
    const said: string[] = []
    for (const paragraph of text.split('\n\n')) {
      const last = said.length - 1
      if (last < 0 || begins(paragraph)) said.push(paragraph)
      else said[last] += `\n\n${paragraph}`
    }
    return said.map((content) => ({ ...message, content }))
  }
}

const nameOf = (text: string) => lead.exec(text)?.[1]

/** Without what is nobody's word: notes that make a history valid, and the picture of the screen with its own. */
function withoutNotes(text: string): string {
  if (text === opening || text === goOn) return ''
  if (!text.startsWith(pictureNote)) return text
  const next = text.indexOf('\n\n', pictureNote.length)
  return next < 0 ? '' : text.slice(next + 2)
}
