import { isDeepStrictEqual } from 'node:util'
import * as Y from 'yjs'
import { ForeignAuthor } from './authors.ts'
import { inspectUpdate } from './inspect-update.ts'

/**
 * Yjs takes what it has under an id for what arrives under it, and drops the latter without a word: two who write under one
 * client id would both be told that they are saved. So what an update repeats must be what the document has. What was removed is compared by its
 * neighbours alone, and what is gone for good not at all.
 * @throws ForeignAuthor
 */
export function checkRepeats(doc: Y.Doc, update: Uint8Array): void {
  let repeats = false
  inspectUpdate(update, ({ client, clock }) => (repeats ||= clock < Y.getState(doc.store, client)))
  if (!repeats) return
  for (const item of Y.decodeUpdate(update).structs) {
    if (!(item instanceof Y.Item)) continue
    const end = Math.min(item.id.clock + item.length, Y.getState(doc.store, item.id.client))
    for (let at = item.id.clock; at < end;) {
      const there: unknown = Y.getItem(doc.store, Y.createID(item.id.client, at))
      if (!(there instanceof Y.Item)) {
        at = there instanceof Y.GC ? there.id.clock + there.length : end
        continue
      }
      const to = Math.min(there.id.clock + there.length, end)
      if (!isSameStretch(item, there, at, to)) throw new ForeignAuthor()
      at = to
    }
  }
}

function isSameStretch(item: Y.Item, there: Y.Item, from: number, to: number): boolean {
  if (!isSameId(originAt(item, from), originAt(there, from)) || !isSameId(item.rightOrigin, there.rightOrigin)) return false
  if (from === item.id.clock && from === there.id.clock && !isSameParent(item, there)) return false
  const [one, other] = [contentOf(item, from, to), contentOf(there, from, to)]
  return one === undefined || other === undefined || isDeepStrictEqual(one, other)
}

const isSameId = (one: Y.ID | null, other: Y.ID | null) => one?.client === other?.client && one?.clock === other?.clock

/** The left origin of a later part of an item is the part before it. */
const originAt = (item: Y.Item, clock: number) => (clock === item.id.clock ? item.origin : Y.createID(item.id.client, clock - 1))

/** Only an item without origins names its parent. */
function isSameParent(item: Y.Item, there: Y.Item): boolean {
  const parent: unknown = item.parent
  if (item.origin || item.rightOrigin || !(there.parent instanceof Y.AbstractType)) return true
  if (item.parentSub !== there.parentSub) return false
  const holder = there.parent._item
  if (typeof parent === 'string') return holder === null && there.parent.doc?.share.get(parent) === there.parent
  return parent instanceof Y.ID && holder !== null && isSameId(parent, holder.id)
}

/** Undefined when it was removed. */
function contentOf(item: Y.Item, from: number, to: number): unknown {
  const { content } = item
  if (content instanceof Y.ContentDeleted) return undefined
  if (content instanceof Y.ContentType) return content.type.constructor.name
  // Yjs puts another sign for either half of a pair that is torn.
  if (content instanceof Y.ContentString) return content.str.slice(from - item.id.clock, to - item.id.clock).replace(/[\ud800-\udfff]/g, '\ufffd')
  return content.getContent().slice(from - item.id.clock, to - item.id.clock)
}
