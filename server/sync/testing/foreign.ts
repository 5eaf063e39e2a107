import * as Y from 'yjs'

/** Where an item says that it hangs. */
export type Neighbours =
  | 'none'
  | 'left'
  | 'right'
  | 'both'
  | 'own left'
  | 'nested'
  | 'under a key'
  | 'in two parts'
  | 'the second part first'
  | 'on another'

/** One of every kind of content that is no string, and every type. Made anew for each use. */
export const foreignContents: { name: string; make(): Y.Item['content'] }[] = [
  { name: 'embed', make: () => new Y.ContentEmbed({ image: 'x' }) },
  { name: 'format', make: () => new Y.ContentFormat('bold', true as never) },
  { name: 'any', make: () => new Y.ContentAny([1, { a: 2 }]) },
  { name: 'json', make: () => new Y.ContentJSON([1, 'a']) },
  { name: 'binary', make: () => new Y.ContentBinary(Uint8Array.of(1, 2)) },
  { name: 'subdocument', make: () => new Y.ContentDoc(new Y.Doc()) },
  ...Object.entries({
    map: () => new Y.Map(),
    list: () => new Y.Array(),
    text: () => new Y.Text(),
    element: () => new Y.XmlElement('p'),
    fragment: () => new Y.XmlFragment(),
    hook: () => new Y.XmlHook('p'),
    'text of an element': () => new Y.XmlText(),
  }).map(([name, make]) => ({ name, make: () => new Y.ContentType(make() as never) })),
]

export const updateOf = (change: (doc: Y.Doc) => void): Uint8Array => {
  const doc = new Y.Doc()
  change(doc)
  return Y.encodeStateAsUpdate(doc)
}

let nextClient = 1_000_000

/** Updates, in the order in which they are sent, with an item of this content somewhere in the text or beside it. */
export function foreignItem(text: Y.Text, content: { make(): Y.Item['content'] }, where: Neighbours): Uint8Array[] {
  const live: Y.Item[] = []
  for (let item = text._start; item; item = item.right) if (!item.deleted) live.push(item)
  const [first, last] = [live[0], live.at(-1)]
  const client = nextClient++
  const parent = parentOf(text)
  // The first unit of the text, the second, and the last: all of it may be one item.
  const left = last ? Y.createID(last.id.client, last.id.clock + last.length - 1) : null
  const right = first ? Y.createID(first.id.client, first.id.clock) : null
  const next = first && first.length > 1 ? Y.createID(first.id.client, first.id.clock + 1) : null
  type At = { origin?: Y.ID | null; right?: Y.ID | null; parent?: unknown; key?: string }
  const item = (clock: number, made: Y.Item['content'], at: At = {}) =>
    new Y.Item(Y.createID(client, clock), null, at.origin ?? null, null, at.right ?? null, (at.parent ?? parent) as never, at.key ?? null, made)
  const own = () => item(0, new Y.ContentString('decoy'), { origin: left })
  const afterOwn = () => item(5, content.make(), { origin: Y.createID(client, 4) })
  switch (where) {
    case 'none':
      return [encode([item(0, content.make())])]
    case 'left':
      return [encode([item(0, content.make(), { origin: left })])]
    case 'right':
      return [encode([item(0, content.make(), { right })])]
    case 'both':
      return [encode([item(0, content.make(), { origin: right, right: next })])]
    case 'own left':
      return [encode([own(), afterOwn()])]
    case 'nested':
      return [
        encode([
          item(0, new Y.ContentType(new Y.Map() as never), { origin: left }),
          item(1, content.make(), { parent: Y.createID(client, 0), key: 'in' }),
        ]),
      ]
    case 'under a key':
      return [encode([item(0, content.make(), { key: 'attribute' })])]
    case 'in two parts':
      return [encode([own()]), encode([afterOwn()])]
    case 'on another': {
      const other = new Y.Item(Y.createID(nextClient++, 0), null, Y.createID(client, 4), null, null, null as never, null, content.make())
      return [encode([own()]), encode([other])]
    }
    case 'the second part first':
      return [encode([afterOwn()]), encode([own()]), encode([own(), afterOwn()])]
  }
}

/** An item whose left neighbour is in the draft and whose right one is a value of the plan. */
export function twoLists(doc: Y.Doc): Uint8Array[] {
  const value = doc.getMap('todos')._map.get('value')
  const word = doc.getText('draft:python')._start
  if (!value || !word) throw new Error('nothing to tie together')
  const tie = (origin: Y.ID, right: Y.ID, content: Y.Item['content']) =>
    encode([new Y.Item(Y.createID(nextClient++, 0), null, origin, null, right, null as never, null, content)])
  return [tie(word.id, value.id, new Y.ContentString('tied')), tie(value.id, word.id, new Y.ContentAny([1]))]
}

/** A root's name, or the id of the item that holds the type. */
function parentOf(text: Y.Text): string | Y.ID {
  if (text._item) return text._item.id
  for (const [name, root] of text.doc?.share ?? []) if ((root as unknown) === text) return name
  throw new Error('it is in no document')
}

const encode = (items: readonly Y.Item[]) => encodeItems([items])

/** As Yjs writes updates, a list for each client, without asking whether they make sense. */
export function encodeItems(lists: readonly (readonly Y.Item[])[]): Uint8Array {
  const encoder = new Y.UpdateEncoderV1()
  encoder.writeLen(lists.length)
  for (const items of lists) {
    encoder.writeLen(items.length)
    encoder.writeClient(items[0]?.id.client ?? 0)
    encoder.writeLen(items[0]?.id.clock ?? 0)
    for (const item of items) item.write(encoder, 0)
  }
  encoder.writeLen(0)
  return encoder.toUint8Array()
}
