import * as Y from 'yjs'

/*
 * A shared text as the string it shows. Only strings belong into one, but whoever writes it by hand can put other things there, and Yjs
 * counts those in its indexes: here they are passed over, so that a place in the string stays one in the text.
 */

type Piece = { index: number; offset: number; length: number; isText: boolean }

function* pieces(text: Y.Text): Generator<Piece> {
  let index = 0
  let offset = 0
  for (let item = text._start; item; item = item.right) {
    if (item.deleted || !item.countable) continue
    const isText = item.content instanceof Y.ContentString
    yield { index, offset, length: item.length, isText }
    index += item.length
    if (isText) offset += item.length
  }
}

/** Whether something in it counts that is no string. */
export function holdsForeign(text: Y.Text): boolean {
  for (let item = text._start; item; item = item.right) {
    if (!item.deleted && item.countable && !(item.content instanceof Y.ContentString)) return true
  }
  return false
}

/** The Yjs index of a place in the string. */
export function indexIn(text: Y.Text, offset: number): number {
  if (!holdsForeign(text)) return offset
  for (const piece of pieces(text)) if (piece.isText && offset <= piece.offset + piece.length) return piece.index + offset - piece.offset
  return text.length
}

/** The place in the string of a Yjs index. */
export function offsetIn(text: Y.Text, index: number): number {
  if (!holdsForeign(text)) return index
  let end = 0
  for (const piece of pieces(text)) {
    if (index <= piece.index) break
    if (piece.isText) end = piece.offset + Math.min(piece.length, index - piece.index)
  }
  return end
}

/** At a place in the string removes so many units and puts others there. */
export function spliceText(text: Y.Text, at: number, remove: number, insert: string): void {
  const place = indexIn(text, at)
  if (remove > 0) for (const { index, length } of stretches(text, at, remove).toReversed()) text.delete(index, length)
  if (insert !== '') text.insert(place, insert)
}

/** Yjs removes more than it is asked to where what it counts is not what it knows how to remove. */
function stretches(text: Y.Text, at: number, remove: number): { index: number; length: number }[] {
  if (!holdsForeign(text)) return [{ index: at, length: remove }]
  const found: { index: number; length: number }[] = []
  for (const { index, offset, length, isText } of pieces(text)) {
    const [from, to] = [Math.max(at, offset), Math.min(at + remove, offset + length)]
    if (isText && from < to) found.push({ index: index + from - offset, length: to - from })
  }
  return found
}
