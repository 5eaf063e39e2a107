import * as Y from 'yjs'
import type { DocumentName } from '#shared/wire/document-names.ts'
import { BadFrame, TooLarge } from './frames.ts'
import { type InspectedItem, inspectUpdate } from './inspect-update.ts'
import { limits } from './limits.ts'

/**
 * What people may put into the documents they write. Nothing is trusted because it arrived: an update is refused whole,
 * before it is applied, when it is malformed, holds a subdocument or bytes, a value past its bound, a list where the
 * board keeps its map of todos, a map or a value where a file keeps its text, or types nested without end.
 * @throws BadFrame; TooLarge for what an honest client may hold as well
 */
export function checkContent(kind: DocumentName['kind'], doc: Y.Doc, update: Uint8Array): void {
  const types: InspectedItem[] = []
  const items: InspectedItem[] = []
  inspectUpdate(update, (item) => {
    if (item.content === 'doc' || item.content === 'binary') throw new BadFrame('a document holds no subdocuments and no bytes')
    if (item.content !== 'string' && item.bytes > limits.valueBytes) throw new TooLarge('a value is too large')
    if (kind === 'board' && item.root === 'todos' && item.key === undefined) throw new BadFrame('todos is a map')
    if (kind === 'file' && item.root === 'content' && (item.key !== undefined || !isText(item))) throw new BadFrame('content is a text')
    if (item.content === 'type') types.push(item)
    items.push(item)
  })
  if (types.length > 0) checkDepth(doc, types, items)
}

const isText = ({ content }: InspectedItem) => content === 'string' || content === 'format' || content === 'deleted'

/** Types inside types, followed to their root through this update and then through the document. */
function checkDepth(doc: Y.Doc, types: InspectedItem[], items: InspectedItem[]): void {
  const known = new Map<string, number>()
  const byClient = Map.groupBy(items, (item) => item.client)
  for (const list of byClient.values()) list.sort((a, b) => a.clock - b.clock)
  for (const type of types) {
    // A walk is long only through neighbours, each of which is remembered.
    const path: string[] = []
    const levels: number[] = []
    let depth = 0
    let at: { client: number; clock: number } | undefined = type
    while (at) {
      const item = findIn(byClient.get(at.client), at.clock)
      if (!item) {
        depth = depthInDocument(doc, at)
        break
      }
      const key = `${item.client}:${item.clock}`
      const before = known.get(key)
      if (before !== undefined) {
        depth = before
        break
      }
      // While it is walked an item counts as the deepest: a circle ends in a refusal.
      known.set(key, Number.POSITIVE_INFINITY)
      path.push(key)
      levels.push(item.parent ? 1 : 0)
      at = item.parent ?? item.neighbour
    }
    for (let i = path.length - 1; i >= 0; i--) {
      depth += levels[i] ?? 0
      known.set(path[i] ?? '', depth)
    }
    if (depth > limits.typeDepth) throw new BadFrame('types are nested too deeply')
  }
}

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

function depthInDocument(doc: Y.Doc, id: { client: number; clock: number }): number {
  // What is not there yet is refused as a gap, not here.
  if (Y.getState(doc.store, id.client) <= id.clock) return 0
  let depth = 0
  let item: Y.Item | Y.GC | null = Y.getItem(doc.store, Y.createID(id.client, id.clock)) as Y.Item | Y.GC
  while (item instanceof Y.Item && depth <= limits.typeDepth) {
    const parent: unknown = item.parent
    item = parent instanceof Y.AbstractType ? parent._item : null
    if (item) depth++
  }
  return depth
}
