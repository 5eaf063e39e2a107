import type * as Y from 'yjs'
import type { DocumentKind } from '#shared/wire/document-kinds.ts'
import { documentRules } from './document-kinds.ts'
import { BadFrame, TooLarge } from './frames.ts'
import { type InspectedItem, inspectUpdate } from './inspect-update.ts'
import { limits } from './limits.ts'
import { createPlaces, isSamePlace, type Place } from './places.ts'
import { shapeUnder } from './shapes.ts'

/**
 * What people may put into the documents they write (`shapes.ts`). Nothing is trusted because it arrived: an update is
 * refused whole, before it is applied, when it is malformed or anything in it may not stand where it would. An item is judged
 * by the type it ends up in, whether it names that type or only a neighbour. To be called right before the update is
 * applied: what is missing now must not arrive in between.
 * @throws BadFrame; TooLarge for what an honest client may hold as well
 */
export function checkContent(kind: DocumentKind, doc: Y.Doc, update: Uint8Array): void {
  const items: InspectedItem[] = []
  const isProtected = protectedIn(kind, doc)
  inspectUpdate(
    update,
    (item) => {
      if (item.content === 'doc' || item.content === 'binary' || item.odd) throw new BadFrame('a document holds no subdocuments and no bytes')
      if (item.content !== 'string' && item.bytes > limits.valueBytes) throw new TooLarge('a value is too large')
      items.push(item)
    },
    undefined,
    (client, clock, length) => {
      if (isProtected(client, clock, length)) throw new BadFrame("the server's own is not removed")
    },
  )
  const places = createPlaces(kind, doc, items)
  for (const item of items) {
    const { client, clock, length } = item
    const state = places.stateOf(client)
    // What the document has already is not applied again.
    if (clock + length <= state) continue
    const place = places.placeOf(item)
    if (place) judge(item, place)
    if (clock >= state || !place) continue
    // Of one that goes on where the document ends, Yjs takes the place from the item and the neighbour from the document.
    const before = places.inDocument({ client, clock: state - 1 })
    if (!before || !isSamePlace(before, place)) throw new BadFrame('an item goes on in another place')
  }
}

function judge(item: InspectedItem, { shape, key }: Place): void {
  if (shape === undefined) throw new BadFrame('nobody writes there')
  if (shape === 'text') {
    if (key !== undefined || (item.content !== 'string' && item.content !== 'deleted')) throw new BadFrame('a text holds strings')
    return
  }
  if (key === undefined) throw new BadFrame('a map holds values under keys')
  if (item.content === 'type') {
    if (shapeUnder(shape, key, item.type) === undefined) throw new BadFrame('such a type does not stand there')
  } else if (item.content !== 'any' && item.content !== 'deleted') throw new BadFrame('a map holds plain values')
}

/** Whether a deletion meets what is the server's, and there. */
function protectedIn(kind: DocumentKind, doc: Y.Doc): (client: number, clock: number, length: number) => boolean {
  const own = new Map<number, number[]>()
  for (const root of documentRules[kind].people?.serverRoots ?? []) {
    for (const { deleted, id } of doc.share.get(root)?._map.values() ?? []) {
      if (!deleted) own.set(id.client, [...(own.get(id.client) ?? []), id.clock])
    }
  }
  return (client, clock, length) => own.get(client)?.some((at) => clock <= at && at < clock + length) ?? false
}
