import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { generator, pick } from '../testing/chance.ts'
import { checkContent } from './check-content.ts'
import { checkRepeats } from './check-repeats.ts'
import { cleanStored } from './clean-stored.ts'
import { encodeItems, foreignContents } from './testing/foreign.ts'

/** Set ATRIUM_FUZZ_SEED to repeat a run. */
const seed = Number(process.env.ATRIUM_FUZZ_SEED ?? Date.now() % 2 ** 31)
const rounds = Number(process.env.ATRIUM_FUZZ_FRAMES ?? 2_000)

const kinds = ['board', 'file'] as const
const clients = [1, 2, 3, 4]
const honest: (() => Y.Item['content'])[] = [
  () => new Y.ContentString('abc'),
  () => new Y.ContentString('x'),
  () => new Y.ContentDeleted(2),
  () => new Y.ContentAny([1]),
  () => new Y.ContentType(new Y.Map() as never),
  () => new Y.ContentType(new Y.Text() as never),
]

function start(): Y.Doc {
  const doc = Object.assign(new Y.Doc(), { clientID: 1 })
  for (const root of ['content', 'draft:python']) doc.getText(root).insert(0, 'hello world')
  doc.getText('content').delete(3, 2)
  const todo = doc.getMap('todos').set('tdo', new Y.Map<unknown>())
  todo.set('text', new Y.Text('draw'))
  todo.set('status', 'pending')
  todo.set('status', 'completed')
  const gone = doc.getMap('todos').set('gone', new Y.Map<unknown>())
  gone.set('text', new Y.Text('removed'))
  doc.getMap('todos').delete('gone')
  doc.getMap('disk').set('n', 1)
  doc.clientID = 99
  return doc
}

/** Items of several clients that hang in whatever there is, in one another, and in nothing. */
function randomUpdate(doc: Y.Doc, random: () => number): Uint8Array {
  const int = (below: number) => Math.floor(random() * below)
  const ends = new Map(clients.map((client) => [client, Math.max(0, Y.getState(doc.store, client) - (random() < 0.2 ? int(4) : 0))]))
  const anyId = () => {
    const client = pick(clients, random)
    return Y.createID(client, int((ends.get(client) ?? 0) + 2))
  }
  const items = new Map<number, Y.Item[]>()
  for (let i = 0; i <= int(6); i++) {
    const client = pick(clients, random)
    const clock = ends.get(client) ?? 0
    const origin = random() < 0.5 ? anyId() : null
    const right = random() < 0.3 ? anyId() : null
    const parent = random() < 0.5 ? pick(['content', 'draft:python', 'todos', 'disk', 'other'], random) : anyId()
    const key = random() < 0.4 ? pick(['tdo', 'text', 'status', 'n', 'new'], random) : null
    const content = random() < 0.6 ? pick(honest, random)() : pick(foreignContents, random).make()
    const item = new Y.Item(Y.createID(client, clock), null, origin, null, right, parent as never, key, content)
    items.set(client, [...(items.get(client) ?? []), item])
    ends.set(client, clock + item.length)
  }
  return encodeItems([...items.values()])
}

test(`of ${rounds} documents that take whatever random updates pass, none holds what it may not`, () => {
  const random = generator(seed)
  const counts = { passed: 0, changed: 0, refused: 0, threw: 0 }
  for (let round = 0; round < rounds; round++) {
    const kind = pick(kinds, random)
    const doc = start()
    for (let step = 0; step < 4; step++) {
      const update = randomUpdate(doc, random)
      try {
        checkContent(kind, doc, update)
        checkRepeats(doc, update)
      } catch {
        counts.refused++
        continue
      }
      counts.passed++
      const before = Y.snapshot(doc)
      try {
        Y.applyUpdate(doc, update)
      } catch {
        counts.threw++
        break
      }
      doc.store.pendingStructs = null
      doc.store.pendingDs = null
      if (!Y.equalSnapshots(before, Y.snapshot(doc))) counts.changed++
      expect([seed, round, doc.getMap('disk').toJSON(), doc.share.has('other') && doc.get('other')._start]).toMatchObject([
        seed,
        round,
        { n: 1 },
        doc.share.has('other') ? null : false,
      ])
      expect([seed, round, cleanStored(kind, doc)]).toEqual([seed, round, false])
    }
  }
  process.stderr.write(`content rules: seed ${seed}, ${JSON.stringify(counts)}\n`)
  expect(counts.changed).toBeGreaterThan(rounds / 20)
})
