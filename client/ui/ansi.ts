import { createAnsiStyle } from './ansi-style.ts'

/** A stretch of one look; `className` is empty for plain text. */
export type AnsiPart = { text: string; className: string }
/** A line without its end. */
export type AnsiLine = { parts: AnsiPart[]; ended: boolean }

const escape = String.fromCharCode(27)
const bell = String.fromCharCode(7)
/** Every other code ends in a letter or a sign; the ones that end in `m` set how what follows looks. */
const code = new RegExp(`${escape}\\[([\\d;:?<=>!]*)[ -/]*([@-~])`)
/** Titles, links and character sets: nothing of them is shown. */
const unseen = new RegExp(`${escape}\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)|${escape}[()#][A-Z0-9]|${escape}[=>78cDEHMNOZ]`, 'g')
/** A code that is not all there yet. */
const unfinished = new RegExp(`${escape}(?:\\[[\\d;:?<=>!]*[ -/]*|\\][^${bell}${escape}]*${escape}?|[()#])?$`)
const control = new RegExp(`[${String.fromCharCode(0)}-${String.fromCharCode(8, 11, 12)}${String.fromCharCode(14)}-${String.fromCharCode(31)}]`, 'g')

/**
 * Reads what a command prints, as it comes: colours become classes, a carriage return writes its line anew, and other codes
 * are left out. `add` answers the first line that changed.
 */
export function createAnsiReader() {
  const style = createAnsiStyle()
  const lines: AnsiLine[] = []
  let held = ''

  function add(text: string): number {
    const first = Math.max(0, lines.length - (lines.at(-1)?.ended === false ? 1 : 0))
    const all = (held + text).replace(/\r\n/g, '\n').replace(unseen, '')
    const cut = unfinished.exec(all)?.index ?? (all.endsWith('\r') ? all.length - 1 : all.length)
    held = all.slice(cut)
    // Text, then what a code was given, then its end, and again.
    const pieces = all.slice(0, cut).split(code)
    for (let at = 0; at < pieces.length; at += 3) {
      const piece = (pieces[at] ?? '').replace(control, '')
      if (piece !== '') write(piece, style.className())
      if (pieces[at + 2] === 'm') style.set(pieces[at + 1] ?? '')
    }
    return first
  }

  function openLine(): AnsiLine {
    const last = lines.at(-1)
    if (last && !last.ended) return last
    const made: AnsiLine = { parts: [], ended: false }
    lines.push(made)
    return made
  }

  function write(text: string, className: string): void {
    for (const [at, piece] of text.split('\n').entries()) {
      if (at > 0) openLine().ended = true
      if (piece === '') continue
      const line = openLine()
      const again = piece.lastIndexOf('\r')
      if (again >= 0) line.parts = []
      const shown = piece.slice(again + 1)
      if (shown !== '') line.parts.push({ text: shown, className })
    }
  }

  return { lines, add }
}

/** A finished output at once. */
export function readAnsi(text: string): AnsiLine[] {
  const reader = createAnsiReader()
  reader.add(text)
  return reader.lines
}

/** What is left when colours and codes are gone. */
export const plainText = (lines: readonly AnsiLine[]) =>
  lines.map((line) => line.parts.map((part) => part.text).join('') + (line.ended ? '\n' : '')).join('')
