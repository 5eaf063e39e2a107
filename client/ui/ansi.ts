import Anser from 'anser'

/** A stretch of one look; `className` is empty for plain text. */
export type AnsiPart = { text: string; className: string }
/** A line without its end. */
export type AnsiLine = { parts: AnsiPart[]; ended: boolean }

const escape = String.fromCharCode(27)
const bell = String.fromCharCode(7)
/** A code that changes nothing: the reader tells a text's colours only after a code. */
const noChange = `${escape}[10m`
/** Titles, links and character sets: nothing of them is shown. */
const unseen = new RegExp(`${escape}\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)|${escape}[()#][A-Z0-9]|${escape}[=>78cDEHMNOZ]`, 'g')
/** A code that is not all there yet. */
const unfinished = new RegExp(`${escape}(?:\\[[\\d;?<=>!]*|\\][^${bell}${escape}]*${escape}?|[()#])?$`)
const control = new RegExp(`[${String.fromCharCode(0)}-${String.fromCharCode(8, 11, 12)}${String.fromCharCode(14)}-${String.fromCharCode(31)}]`, 'g')

/**
 * Reads what a command prints, as it comes: colours become classes, a carriage return writes its line anew, and other codes
 * are left out. `add` answers the first line that changed.
 */
export function createAnsiReader() {
  const anser = new Anser()
  const lines: AnsiLine[] = []
  let held = ''

  function add(text: string): number {
    const first = Math.max(0, lines.length - (lines.at(-1)?.ended === false ? 1 : 0))
    const all = (held + text).replace(/\r\n/g, '\n').replace(unseen, '')
    const cut = unfinished.exec(all)?.index ?? (all.endsWith('\r') ? all.length - 1 : all.length)
    held = all.slice(cut)
    for (const chunk of anser.ansiToJson(noChange + all.slice(0, cut), { json: true, use_classes: true })) {
      if (chunk.content !== '') write(chunk.content.replace(control, ''), classOf(chunk))
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

type Look = { fg: string | null; bg: string | null; fg_truecolor: string | null; bg_truecolor: string | null; decorations: string[] }

function classOf({ fg, bg, fg_truecolor, bg_truecolor, decorations }: Look): string {
  const [text, ground] = [toneOf(fg, fg_truecolor), toneOf(bg, bg_truecolor)]
  const kept = decorations.filter((one) => one !== 'reverse' && one !== 'blink' && one !== 'hidden').map((one) => `ansi-${one}`)
  return [text && `ansi-${text}`, ground && `ansi-on-${ground}`, ...new Set(kept)].filter(Boolean).join(' ')
}

const tones = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const
type Tone = (typeof tones)[number]

/** Any colour as one of the eight that are legible in both themes. */
function toneOf(name: string | null, rgb: string | null): Tone | undefined {
  if (!name) return undefined
  const plain = tones.find((tone) => name === `ansi-${tone}` || name === `ansi-bright-${tone}`)
  if (plain) return plain
  const palette = /^ansi-palette-(\d+)$/.exec(name)?.[1]
  if (palette !== undefined) return nearest(paletteColour(Number(palette)))
  return rgb ? nearest(rgb.split(',').map(Number)) : undefined
}

function paletteColour(index: number): number[] {
  if (index >= 232) return Array.from({ length: 3 }, () => 8 + (index - 232) * 10)
  const levels = [0, 95, 135, 175, 215, 255]
  const at = Math.max(0, index - 16)
  return [Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map((level) => levels[level] ?? 0)
}

function nearest([r = 0, g = 0, b = 0]: number[]): Tone {
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)]
  if (most - least < 40) return most < 90 ? 'black' : 'white'
  const half = (most + least) / 2
  return tones[(r > half ? 1 : 0) + (g > half ? 2 : 0) + (b > half ? 4 : 0)] ?? 'white'
}
