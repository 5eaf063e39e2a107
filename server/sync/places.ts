import * as Y from 'yjs'
import type { DocumentKind } from '#shared/wire/document-kinds.ts'
import { shapeOfRoot } from './document-kinds.ts'
import { BadFrame } from './frames.ts'
import type { InspectedItem, ItemId } from './inspect-update.ts'
import { type Shape, shapeUnder, typeNumbers } from './shapes.ts'

/** The type in which an item stands, by its root's name or its own item's id, and what may stand there. */
type Within = { within: string; shape: Shape | undefined }
export type Place = Within & { key: string | undefined }

export const isSamePlace = (one: Place, other: Place) => one.within === other.within && one.key === other.key

const idOf = ({ client, clock }: ItemId) => `${client}:${clock}`
const rootNamed = (kind: DocumentKind, name: string): Within => ({ within: `/${name}`, shape: shapeOfRoot(kind, name) })

/**
 * Where items stand: those of a document, and those of an update as they would when it is applied. Undefined is nowhere: what
 * an item hangs in is missing, and Yjs does not take it, or is gone for good, and Yjs keeps nothing but its length.
 */
export function createPlaces(kind: DocumentKind, doc: Y.Doc, items: readonly InspectedItem[]) {
  const byClient = Map.groupBy(items, (item) => item.client)
  const known = new Map<InspectedItem, Place | undefined>()
  const states = new Map<number, number>()
  const names = new Map<unknown, string>()

  /** How much of a client the document has. */
  const stateOf = (client: number) => {
    const state = states.get(client) ?? Y.getState(doc.store, client)
    states.set(client, state)
    return state
  }

  function rootName(type: Y.AbstractType<unknown>): string {
    if (names.size === 0) for (const [name, root] of doc.share) names.set(root, name)
    return names.get(type) ?? ''
  }

  function typeInDocument(type: Y.AbstractType<unknown>): Within {
    const holder = type._item
    if (!holder) return rootNamed(kind, rootName(type))
    const outer = holder.parent instanceof Y.AbstractType ? typeInDocument(holder.parent) : undefined
    return { within: idOf(holder.id), shape: shapeUnder(outer?.shape, holder.parentSub ?? undefined, numberOf(type)) }
  }

  /** Of what the document has already. */
  function inDocument({ client, clock }: ItemId): Place | undefined {
    const item = itemOf({ client, clock })
    if (!(item?.parent instanceof Y.AbstractType)) return undefined
    return { ...typeInDocument(item.parent), key: item.parentSub ?? undefined }
  }

  function itemOf({ client, clock }: ItemId): Y.Item | undefined {
    const item: unknown = Y.getItem(doc.store, Y.createID(client, clock))
    return item instanceof Y.Item ? item : undefined
  }

  /** An item of the update that the document has not got. */
  const inUpdate = (id: ItemId) => (id.clock < stateOf(id.client) ? undefined : findIn(byClient.get(id.client), id.clock))
  const placeAt = (id: ItemId): Place | undefined => {
    if (id.clock < stateOf(id.client)) return inDocument(id)
    const item = inUpdate(id)
    return item && known.get(item)
  }

  function typeAt(id: ItemId): Within | undefined {
    if (id.clock < stateOf(id.client)) {
      const content = itemOf(id)?.content
      return content instanceof Y.ContentType ? typeInDocument(content.type) : undefined
    }
    const item = inUpdate(id)
    const place = item && known.get(item)
    return item && place && item.content === 'type' ? { within: idOf(item), shape: shapeUnder(place.shape, place.key, item.type) } : undefined
  }

  /** When everything it hangs in is known. */
  function place({ root, parent, key, origin, rightOrigin }: InspectedItem): Place | undefined {
    if (root !== undefined) return { ...rootNamed(kind, root), key }
    if (parent) {
      const type = typeAt(parent)
      return type && { ...type, key }
    }
    const [first, second] = [origin, rightOrigin].filter((id) => id !== undefined).map((id) => placeAt(id) ?? 'nowhere')
    if (first === undefined || first === 'nowhere' || second === 'nowhere') return undefined
    // Yjs would believe the left origin and link the two lists.
    if (second && !isSamePlace(first, second)) throw new BadFrame('an item hangs between two types')
    return first
  }

  /** Not by calling itself: a megabyte of items may be one chain. */
  function placeOf(wanted: InspectedItem): Place | undefined {
    const path = [wanted]
    const walked = new Set<InspectedItem>()
    for (let item = path.at(-1); item; item = path.at(-1)) {
      walked.add(item)
      const before = [item.origin, item.rightOrigin, item.parent]
        .map((id) => id && inUpdate(id))
        .find((other) => other !== undefined && !known.has(other))
      if (before) {
        if (walked.has(before)) throw new BadFrame('items hang in one another')
        path.push(before)
        continue
      }
      if (!known.has(item)) known.set(item, place(item))
      path.pop()
    }
    return known.get(wanted)
  }

  return { stateOf, placeOf, inDocument }
}

export function numberOf(type: Y.AbstractType<unknown>): number | undefined {
  if (type.constructor === Y.Map) return typeNumbers.map
  return type.constructor === Y.Text ? typeNumbers.text : undefined
}

/** Items of one client are in the order of their clocks. */
function findIn(list: InspectedItem[] | undefined, clock: number): InspectedItem | undefined {
  let low = 0
  let high = (list?.length ?? 0) - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const item = list?.[middle]
    if (!item) return undefined
    if (clock < item.clock) high = middle - 1
    else if (clock >= item.clock + item.length) low = middle + 1
    else return item
  }
  return undefined
}
