import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { messageType } from '../frames.ts'
import { checkContent } from '../check-content.ts'
import { pick } from '../../testing/chance.ts'
import { awarenessFrame, rawFrame, statelessFrame, syncFrame } from './frames.ts'

/** Clients whose edits collide: in some rounds two documents write under the same id. */
const ids = [1, 2, 3, 4, 5, 6, 7, 0xffffffff]
const keys = ['a', 'b', 'text', '__proto__', 'constructor', '']
const values = [null, true, -0.5, 2 ** 52, 'x', '\u{1f4a9}', [], [1, { deep: [null] }], { toJSON: 1 }]

type Frames = { frame(name: string): Uint8Array }

/**
 * Frames that are well-formed and hold what the document may hold, and so pass on to where they are applied: edits that arrive
 * twice, out of order or without their beginning, contradict one another, and are damaged wherever a number or a letter may be
 * another one.
 */
export function hostileMind(random: () => number): { frame(name: string, small: boolean): Uint8Array } {
  const minds = { board: mindOf('board', random), file: mindOf('file', random) }
  return { frame: (name, small) => minds[small ? 'board' : 'file'].frame(name) }
}

function mindOf(kind: 'board' | 'file', random: () => number): Frames {
  const int = (below: number) => Math.floor(random() * below)
  let docs: Y.Doc[] = []
  let updates: Uint8Array[] = []
  const renew = () => {
    const twice = random() < 0.2 ? [pick(ids, random)] : []
    docs = [...ids, ...twice].map((id) => Object.assign(new Y.Doc(), { clientID: id }))
    for (const doc of docs) doc.on('update', (update: Uint8Array) => void updates.push(update))
    updates = []
  }

  function edit(doc: Y.Doc): void {
    const text = doc.getText(kind === 'file' ? 'content' : 'draft:python')
    switch (int(kind === 'file' ? 2 : 5)) {
      case 0:
        text.insert(int(text.length + 1), pick(['hello', 'ö', '\u{1f600}'], random))
        return
      case 1:
        if (text.length > 2) text.delete(int(text.length - 1), 1)
        return
      case 2:
        doc.getMap('todos').set(pick(keys, random), pick(values, random))
        return
      case 3: {
        const map = doc.getMap('todos').set('in', new Y.Map<unknown>())
        map.set('text', new Y.Text('t'))
        map.set(pick(keys, random), pick(values, random))
        return
      }
      default:
        doc.getMap('todos').delete(pick(keys, random))
    }
  }

  /** Another number, letter or bit, such that every byte still has its place. */
  function damaged(update: Uint8Array): Uint8Array {
    for (let attempt = 0; attempt < 12; attempt++) {
      const copy = Uint8Array.from(update)
      for (let i = 0; i <= int(3); i++) copy[int(copy.length)] = random() < 0.5 ? int(256) : (copy[int(copy.length)] ?? 0) ^ (1 << int(7))
      try {
        checkContent(kind, pick(docs, random), copy)
        return copy
      } catch {
        continue
      }
    }
    return update
  }

  function update(): Uint8Array {
    if (docs.length === 0 || updates.length > 200) renew()
    for (let i = 0; i <= int(3); i++) edit(pick(docs, random))
    const one = updates.length > 0 ? pick(updates, random) : Uint8Array.of(0, 0)
    switch (int(6)) {
      case 0:
        return one
      case 1:
        return Y.encodeStateAsUpdate(pick(docs, random))
      case 2:
        return Y.encodeStateAsUpdate(pick(docs, random), Y.encodeStateVector(pick(docs, random)))
      case 3:
        return safely(() => Y.mergeUpdates([pick(updates, random), pick(updates, random)])) ?? one
      default:
        return damaged(one)
    }
  }

  const vector = () =>
    encoding.encode((encoder) => {
      const count = int(5)
      encoding.writeVarUint(encoder, count)
      for (let i = 0; i < count; i++) {
        encoding.writeVarUint(encoder, pick(ids, random))
        encoding.writeVarUint(encoder, pick([0, 1, int(50), 2 ** 31, 2 ** 53 - 1], random))
      }
    })

  const awareness = (name: string) =>
    awarenessFrame(
      name,
      Array.from({ length: int(6) }, () => [
        pick([...ids, int(20)], random),
        pick([0, 1, int(100), 2 ** 32, 2 ** 53 - 1], random),
        pick(
          [null, {}, { user: 'x' }, { user: { id: 1, name: [] } }, { __proto__: null, cursor: { a: 'y'.repeat(int(5_000)) } }, { typing: null }],
          random,
        ),
      ]),
    )

  return {
    frame(name) {
      const chance = random()
      const small = kind === 'board'
      if (chance < (small ? 0.02 : 0.08)) return syncFrame(name, 0, vector(), pick([messageType.sync, messageType.syncReply], random))
      if (chance < (small ? 0.4 : 0.75))
        return syncFrame(name, pick([1, 2], random), update(), pick([messageType.sync, messageType.sync, messageType.syncReply], random))
      if (chance < 0.9) return awareness(name)
      if (chance < 0.97) return statelessFrame(name, { type: 'mark', mark: pick([0, int(1_000), 2 ** 53 - 1], random) })
      return rawFrame(name, messageType.queryAwareness)
    },
  }
}

function safely<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}
