import { fromBase64, toBase64 } from 'lib0/buffer'
import * as Y from 'yjs'

/** A place in a shared text that stays with its neighbours while others write: a Yjs relative position, base64. */
export const encodePosition = (text: Y.Text, offset: number): string =>
  toBase64(Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, offset)))

/** The offset a place has now; undefined when it is malformed or lies in another text. */
export function decodePosition(text: Y.Text, encoded: string): number | undefined {
  if (!text.doc) return undefined
  try {
    const found = Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(fromBase64(encoded)), text.doc)
    return found?.type === text ? found.index : undefined
  } catch {
    return undefined
  }
}
