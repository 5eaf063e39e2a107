import { boundaryPattern } from './marks.ts'

/** A stretch of a text with marks. `note`: outside of any marks, so the server's. */
export type Marked =
  | { kind: 'said'; by?: string; id?: string; role?: string; to?: string; text: string }
  | { kind: 'output'; from?: string; text: string }
  | { kind: 'note'; text: string }

/** The boundary that a system text explains; the last one, since its explanation ends the text. */
export function boundaryIn(system: string): string | undefined {
  return [...system.matchAll(new RegExp(`stand between <said-(${boundaryPattern}) `, 'g'))].at(-1)?.[1]
}

/** A text taken apart at the marks of its boundary, as a model is told to read it. Blank notes are left out. */
export function readMarks(text: string, boundary: string): Marked[] {
  const found: Marked[] = []
  const marks = new RegExp(`<(said|output)-${boundary}((?: [a-z]+="[^"<>]*")*)>\\n?([\\s\\S]*?)\\n?</\\1-${boundary}>`, 'g')
  let at = 0
  const note = (end: number) => {
    const between = text.slice(at, end).trim()
    if (between !== '') found.push({ kind: 'note', text: between })
  }
  for (const { index, 0: whole, 1: kind, 2: head = '', 3: inner = '' } of text.matchAll(marks)) {
    note(index)
    const told = Object.fromEntries([...head.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key, value = '']) => [key, plain(value)]))
    found.push({ kind: kind as 'said' | 'output', ...told, text: inner })
    at = index + whole.length
  }
  note(text.length)
  return found
}

const signs: Record<string, string> = { amp: '&', quot: '"', lt: '<', gt: '>' }
const plain = (value: string) => value.replace(/&(amp|quot|lt|gt);/g, (_, name: string) => signs[name] ?? '')
