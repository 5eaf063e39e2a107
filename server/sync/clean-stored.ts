import * as Y from 'yjs'
import type { DocumentKind } from '#shared/wire/document-kinds.ts'
import { shapeOfRoot } from './document-kinds.ts'
import { numberOf } from './places.ts'
import { type Shape, shapeUnder } from './shapes.ts'

/**
 * Removes from a document that was just loaded what may not stand there: it was stored by a version that did not refuse it. After that a
 * text is as long in Yjs as it is as a string, so that positions in the one are positions in the other.
 * @returns whether there was anything
 */
export function cleanStored(kind: DocumentKind, doc: Y.Doc): boolean {
  const foreign: Y.Item[] = []
  for (const [name, root] of doc.share) {
    const shape = shapeOfRoot(kind, name)
    if (shape) collect(root, shape, foreign)
  }
  if (foreign.length === 0) return false
  doc.transact((transaction) => foreign.forEach((item) => item.delete(transaction)), { source: 'local', skipStoreHooks: true })
  return true
}

type SharedType = NonNullable<ReturnType<Y.Doc['share']['get']>>

function collect(type: SharedType, shape: Shape, foreign: Y.Item[]): void {
  for (let item = type._start; item; item = item.right) {
    if (!item.deleted && !(shape === 'text' && item.content instanceof Y.ContentString)) foreign.push(item)
  }
  for (const [key, item] of type._map) {
    if (item.deleted) continue
    const { content } = item
    const inner = content instanceof Y.ContentType ? shapeUnder(shape, key, numberOf(content.type)) : undefined
    if (inner && content instanceof Y.ContentType) collect(content.type, inner, foreign)
    else if (shape === 'text' || !isPlain(content)) foreign.push(item)
  }
}

const isPlain = (content: Y.Item['content']) =>
  (content instanceof Y.ContentAny || content instanceof Y.ContentJSON) && content.getContent().every(hasWords)

/** Whether JSON can express it: readers compare todos as JSON. */
function hasWords(value: unknown): boolean {
  if (typeof value === 'bigint' || value instanceof Uint8Array) return false
  return typeof value !== 'object' || value === null || Object.values(value).every(hasWords)
}
