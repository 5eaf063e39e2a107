import { isInWords } from './origin.ts'
import { diffText, lineStart, type TextEdit } from './text-edits.ts'

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
  const undone: Undone[] = []
  let grown = 0
  /** The first edit that ends behind the line last looked at, and by how much those before it moved that line. */
  let ended = { edits: 0, grown: 0 }
  for (const edit of edits) {
    const end = edit.at + edit.remove
    const lost = written
      .map((range) => ({ start: Math.max(range.start, edit.at), end: Math.min(range.end, end) }))
      .filter((range) => range.end > range.start && isGone(before.slice(range.start, range.end), found, isBack))
    if (lost.length > 0) {
      const mine = { start: lineStart(before, edit.at), end: lineEnd(before, end) }
      ended = endedBefore(edits, mine.start, ended)
      const disk = { start: mine.start + ended.grown, end: mine.end + grown + edit.insert.length - edit.remove }
      const last = undone.at(-1)
      // Of lines that more than one edit touches there is one passage.
      if (last && last.mine.end > mine.start) {
        last.mine.end = mine.end
        last.disk.end = disk.end
        last.written.push(...lost)
      } else undone.push({ mine, disk, written: lost })
    }
    grown += edit.insert.length - edit.remove
    const last = undone.at(-1)
    // An edit further on in the same lines, of which nothing is lost, moves their end as well.
    if (last && lost.length === 0 && edit.at < last.mine.end) {
      const endNow = Math.max(last.mine.end, lineEnd(before, end))
      last.disk.end = endNow + grown
      last.mine.end = endNow
    }
  }
  return undone
}

/** Edits that end before a place move it; others in its line do not. @param known of a place before */
function endedBefore(edits: readonly TextEdit[], place: number, known: { edits: number; grown: number }): { edits: number; grown: number } {
  let { edits: at, grown } = known
  for (let edit = edits[at]; edit && edit.at + edit.remove <= place; edit = edits[++at]) grown += edit.insert.length - edit.remove
  return { edits: at, grown }
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

/** After the line break that ends the line, or the end of the text. A place right after a line break ends that line. */
function lineEnd(text: string, at: number): number {
  if (at > 0 && text[at - 1] === '\n') return at
  const found = text.indexOf('\n', at)
  return found < 0 ? text.length : found + 1
}
