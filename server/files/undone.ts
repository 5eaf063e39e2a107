import { isInWords } from './origin.ts'
import { diffText, lineStart, type TextEdit } from '../base/text-edits.ts'

/**
 * A passage in whole lines that somebody had just written, and that is not there after an edit of the disk's. `mine` is its place in the text
 * before, `disk` that of what stands there now; `written` are the places in the text before that are gone.
 */
export type Undone = { mine: Range; disk: Range; written: Range[] }
type Range = { start: number; end: number }

/**
 * What came into a text lately and is gone with the edits that the disk brings.
 * @param older what the text was before
 * @param found what the disk holds: words that stand elsewhere in it are not gone, unless it is `older` itself, that is put back
 */
export function undoneBy(edits: readonly TextEdit[], { before, older, found }: { before: string; older: string; found: string }): Undone[] {
  const isBack = found === older
  const written = insertedSince(older, before)
  const passages: Undone[] = []
  let grown = 0
  for (const edit of edits) {
    const end = edit.at + edit.remove
    const start = lineStart(before, edit.at)
    const last = passages.at(-1)
    // Of lines that more than one edit touches there is one passage.
    const isOfLast = last !== undefined && last.mine.end > start
    const passage = isOfLast ? last : { mine: { start, end }, disk: { start: start + grown, end }, written: [] }
    if (!isOfLast) passages.push(passage)
    const lost = written
      .map((range) => ({ start: Math.max(range.start, edit.at), end: Math.min(range.end, end) }))
      .filter((range) => range.end > range.start && isGone(before.slice(range.start, range.end), found, isBack))
    passage.written.push(...lost)
    grown += edit.insert.length - edit.remove
    passage.mine.end = Math.max(passage.mine.end, endsLine(edit, before) ? end : lineEnd(before, end))
    passage.disk.end = passage.mine.end + grown
  }
  return passages.filter((passage) => passage.written.length > 0)
}

/** Whether a line ends with the edit both in the text before and in the one after. */
function endsLine({ at, remove, insert }: TextEdit, before: string): boolean {
  const isBreak = (sign: string | undefined) => sign === undefined || sign === '\n'
  return isBreak(before[at + remove - 1]) && isBreak(insert.at(-1) ?? before[at - 1])
}

function isGone(text: string, found: string, isBack: boolean): boolean {
  if (isBack) return /\S/.test(text)
  const words = text.match(/[\p{L}\p{N}_]+/gu) ?? []
  return words.some((one) => !isInWords(found, one))
}

/** Places in `text` that were not in `older`. */
function insertedSince(older: string, text: string): Range[] {
  let grown = 0
  return diffText(older, text).flatMap(({ at, remove, insert }) => {
    const start = at + grown
    grown += insert.length - remove
    return insert === '' ? [] : [{ start, end: start + insert.length }]
  })
}

/** After the line break that ends the line, or the end of the text. */
function lineEnd(text: string, at: number): number {
  const found = text.indexOf('\n', at)
  return found < 0 ? text.length : found + 1
}
