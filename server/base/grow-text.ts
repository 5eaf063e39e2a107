import type * as Y from 'yjs'

/** UTF-16 units of a piece. */
const pieceLength = 8_192

/**
 * Appends to a text, within a transaction. What is appended Yjs joins to what stands before it, as one string, of which server and readers
 * make a copy with each further word: after a hundred thousand characters that is most of their work. So a seam is left after each piece, which
 * nobody sees: a character that is written and removed again.
 */
export function growText(target: Y.Text, text: string): void {
  const before = target.length
  target.insert(before, text)
  const end = target.length
  if (Math.floor(before / pieceLength) === Math.floor(end / pieceLength)) return
  target.insert(end, ' ')
  target.delete(end, 1)
}
