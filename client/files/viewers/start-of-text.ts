import { cutAfter } from '#shared/base/cut.ts'

/** A line longer than this is cut where it is drawn. */
const maxLine = 2000

/** Lines of the first bytes of a text; undefined when they are no text. A letter or a line that is cut at the end is left out. */
export function linesOfStart(bytes: Uint8Array): string[] | undefined {
  if (bytes.subarray(0, 8192).includes(0)) return undefined
  let text: string
  try {
    // `stream` keeps a letter that the end cuts in two to itself.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return undefined
  }
  const lines = text.split('\n').map((line) => (line.length > maxLine ? `${cutAfter(line, maxLine)}…` : line))
  return lines.length > 1 ? lines.slice(0, -1) : lines
}
