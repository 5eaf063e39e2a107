import { diffArrays } from 'diff'

/** In UTF-16 units of the text that is edited; lists are in order and do not overlap. */
export type TextEdit = { at: number; remove: number; insert: string }

/** Beyond these a difference is told less finely, never wrongly. */
const bounds = { lineEdits: 4_000, words: 4_000, timeoutMs: 60 }

/** The smallest edits, within bounds, that make `to` of `from`: by lines, then by words; no edit begins or ends in a word. */
export function diffText(from: string, to: string): TextEdit[] {
  if (from === to) return []
  const whole = trim({ at: 0, remove: from.length, insert: to }, from)
  if (whole.insert === '' || (whole.remove === 0 && !/\S$/.test(whole.insert))) return [wordFirst(whole, from, from.length)]
  // Whole lines around what differs, so that lines are compared with lines.
  const start = lineStart(from, whole.at)
  const endAt = from.indexOf('\n', whole.at + whole.remove)
  const end = endAt < 0 ? from.length : endAt + 1
  const inserted = to.slice(start, to.length - (from.length - end))
  const lines = runs(splitLines(from.slice(start, end)), splitLines(inserted), start, bounds.lineEdits)
  if (!lines) return [whole]
  const edits = lines.flatMap((edit) => refine(edit, from)).filter((edit) => edit.remove > 0 || edit.insert !== '')
  const placed = edits.map((edit, at) => wordFirst(edit, from, edits[at + 1]?.at ?? from.length))
  for (const [at, edit] of placed.entries()) takeBlank(edit, placed[at + 1], from)
  return placed.filter((edit) => edit.remove > 0 || edit.insert !== '')
}

/** Of two edits with only blanks between them an insertion takes the blanks that the second one brings, and ends in a blank then. */
function takeBlank(edit: TextEdit, next: TextEdit | undefined, from: string): void {
  if (!next || edit.remove > 0 || !/\S$/.test(edit.insert)) return
  const between = from.slice(edit.at, next.at)
  const brought = /^\s*/.exec(next.insert)?.[0] ?? ''
  if (brought === '' || /\S/.test(between) || !(between + brought).endsWith(between)) return
  edit.insert += (between + brought).slice(0, brought.length)
  next.insert = next.insert.slice(brought.length)
}

/** An insertion between blanks takes those after it along, not those before: what else is inserted there does not touch its word. */
function wordFirst(edit: TextEdit, from: string, end: number): TextEdit {
  if (edit.remove > 0) return edit
  let { at, insert } = edit
  while (at < end && /^\s/.test(insert) && from[at] === insert[0] && /\S/.test(insert)) {
    insert = insert.slice(1) + insert.slice(0, 1)
    at++
  }
  return { at, remove: 0, insert }
}

/** @returns undefined when they differ in too much to say it in time */
function runs(from: string[], to: string[], offset: number, maxEditLength: number): TextEdit[] | undefined {
  const parts = diffArrays(from, to, { maxEditLength, timeout: bounds.timeoutMs })
  if (!parts) return undefined
  const edits: TextEdit[] = []
  let at = offset
  let open: TextEdit | undefined
  for (const part of parts) {
    const text = part.value.join('')
    if (!part.added && !part.removed) {
      at += text.length
      open = undefined
      continue
    }
    if (!open) edits.push((open = { at, remove: 0, insert: '' }))
    if (part.added) open.insert += text
    else {
      open.remove += text.length
      at += text.length
    }
  }
  return edits
}

function refine(edit: TextEdit, from: string): TextEdit[] {
  const old = from.slice(edit.at, edit.at + edit.remove)
  if (edit.remove === 0 || edit.insert === '') return [trim(edit, from)]
  const [before, after] = [splitWords(old), splitWords(edit.insert)]
  if (before.length + after.length > bounds.words) return [trim(edit, from)]
  const words = runs(before, after, edit.at, bounds.words)
  if (!words) return [trim(edit, from)]
  // Lines that have next to nothing in common: pieces of words say less than the whole.
  const kept = edit.remove - words.reduce((sum, { remove }) => sum + remove, 0)
  if (kept * 4 < Math.min(edit.remove, edit.insert.length)) return [trim(edit, from)]
  return words.map((word) => trim(word, from))
}

/** Without what both have in common at the beginning and the end, to whole words: half of one must not become half of another, which somebody may remove. */
export function trim({ at, remove, insert }: TextEdit, from: string): TextEdit {
  const most = Math.min(remove, insert.length)
  let head = 0
  while (head < most && from.charCodeAt(at + head) === insert.charCodeAt(head)) head++
  const breaks = (text: string, place: number) => place > 0 && place < text.length && isInWord(text, place)
  while (head > 0 && (breaks(from, at + head) || breaks(insert, head))) head--
  let tail = 0
  while (tail < most - head && from.charCodeAt(at + remove - 1 - tail) === insert.charCodeAt(insert.length - 1 - tail)) tail++
  while (tail > 0 && (breaks(from, at + remove - tail) || breaks(insert, insert.length - tail))) tail--
  return { at: at + head, remove: remove - head - tail, insert: insert.slice(head, insert.length - tail) }
}

/** Where words are written without blanks between them, each sign is one. */
const alone = String.raw`\p{Ideographic}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`
const wordUnit = new RegExp(String.raw`^[[\p{L}\p{N}_]--[${alone}]]$`, 'v')
/** The character that stands at a place, also when the place is in its midst. */
const characterAt = (text: string, place: number) => String.fromCodePoint(text.codePointAt(isInCharacter(text, place) ? place - 1 : place) ?? 0x20)
const isWord = (text: string, place: number) => wordUnit.test(characterAt(text, place))
const isInCharacter = (text: string, place: number) => isHigh(text.charCodeAt(place - 1)) && isLow(text.charCodeAt(place))

/** Whether a word of each would become one where they meet. */
export const wouldJoin = (before: string, after: string) => before !== '' && after !== '' && isWord(before, before.length - 1) && isWord(after, 0)
const isInWord = (text: string, place: number) => isInCharacter(text, place) || (isWord(text, place - 1) && isWord(text, place))

/** A negative place would be taken for the first one. */
export const lineStart = (text: string, at: number) => (at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1)

const isHigh = (unit: number) => unit >= 0xd800 && unit < 0xdc00
const isLow = (unit: number) => unit >= 0xdc00 && unit < 0xe000

const splitLines = (text: string) => text.match(/[^\n]*\n|[^\n]+$/g) ?? []
const tokens = new RegExp(String.raw`[[\p{L}\p{N}_]--[${alone}]]+\s?|.`, 'gsv')
/** Words with the blank that ends them: one that somebody inserts at the same place at the same time does not touch them then. */
const splitWords = (text: string) => text.match(tokens) ?? []

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = ''
  let at = 0
  for (const edit of edits) {
    result += text.slice(at, edit.at) + edit.insert
    at = edit.at + edit.remove
  }
  return result + text.slice(at)
}

/** Units that the edits touch. */
export const costOf = (edits: readonly TextEdit[]) => edits.reduce((sum, { remove, insert }) => sum + remove + insert.length, 0)
