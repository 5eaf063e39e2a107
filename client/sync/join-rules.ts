import * as Y from 'yjs'
import { maxUpdateBytes } from '#shared/wire/bounds.ts'

/**
 * Whether this browser's document can become level with the server's.
 *   fits       it can
 *   other      the server holds another document, or lacks what it will not take from this person
 *   too-large  what the server lacks is more than it takes at once
 */
export type Fit = 'fits' | 'other' | 'too-large'

type Mine = {
  access: 'read' | 'write'
  /** What is shown, and what is to be joined: the same, unless the document was begun again. */
  shown: Y.Doc
  joining: Y.Doc
  /** The server's state vector when this document was last level with it. */
  known: Uint8Array | undefined
}

/** @param server the state vector of what the server holds */
export function fitOf({ access, shown, joining, known }: Mine, server: Uint8Array): Fit {
  if (!(access === 'write' ? sameHistory(known, server) : isWithin(shown, server))) return 'other'
  // Many edits without a connection: together they are one answer.
  return Y.encodeStateAsUpdate(joining, server).length > maxUpdateBytes ? 'too-large' : 'fits'
}

/** Whether the server knows everything that is in `doc`. If not, it is not shown: nobody else has it. */
export function isWithin(doc: Y.Doc, server: Uint8Array): boolean {
  const theirs = Y.decodeStateVector(server)
  return [...Y.decodeStateVector(Y.encodeStateVector(doc))].every(([client, clock]) => (theirs.get(client) ?? 0) >= clock)
}

/**
 * Whether the server's document is the one that was kept, and not one begun anew under the same name: two histories of one
 * text, put together, would hold it twice.
 */
export function sameHistory(before: Uint8Array | undefined, server: Uint8Array): boolean {
  const known = before ? Y.decodeStateVector(before) : undefined
  const theirs = Y.decodeStateVector(server)
  return !known || known.size === 0 || theirs.size === 0 || [...known.keys()].some((client) => theirs.has(client))
}
