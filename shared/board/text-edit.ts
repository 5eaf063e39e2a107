import type * as Y from 'yjs'
import { spliceText } from '../base/plain-text.ts'

/** What turns one text into another: at `at`, `remove` units go and `insert` comes. */
export type TextEdit = { at: number; remove: number; insert: string }

const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff

/**
 * The smallest single edit from one text to another. Where the same edit fits in several places, as a letter typed twice, it
 * ends at `caret`, the place in `next` where the typing ended. Surrogate pairs are not torn.
 */
export function editBetween(before: string, next: string, caret = next.length): TextEdit {
  const after = Math.min(next.length - Math.min(caret, next.length), before.length)
  let end = 0
  while (end < after && before[before.length - 1 - end] === next[next.length - 1 - end]) end++
  let at = 0
  const most = Math.min(before.length, next.length) - end
  while (at < most && before[at] === next[at]) at++
  const room = Math.min(before.length, next.length) - at
  while (end < room && before[before.length - 1 - end] === next[next.length - 1 - end]) end++
  if (at > 0 && (isLow(before.charCodeAt(at)) || isLow(next.charCodeAt(at)))) at--
  if (end > 0 && (isLow(before.charCodeAt(before.length - end)) || isLow(next.charCodeAt(next.length - end)))) end--
  return { at, remove: before.length - at - end, insert: next.slice(at, next.length - end) }
}

/** Brings a shared text to what it should say with one small edit, so that what others type meanwhile stays. */
export function writeText(text: Y.Text, next: string, caret?: number): void {
  const { at, remove, insert } = editBetween(text.toJSON(), next, caret)
  spliceText(text, at, remove, insert)
}

/** Where a caret belongs after an edit that somebody else made. */
export function caretAfter(caret: number, { at, remove, insert }: TextEdit): number {
  if (caret <= at) return caret
  return caret <= at + remove ? at + insert.length : caret - remove + insert.length
}
