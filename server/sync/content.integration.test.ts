import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { boardDraft, draftNames, draftRoot } from '#shared/board/drafts.ts'
import { type DocumentName, parseDocumentName } from '#shared/wire/document-names.ts'
import type { Database } from '../db/port.ts'
import { generator, pick } from '../testing/chance.ts'
import { openTestDatabase } from '../testing/database.ts'
import { loadDocument } from './load.ts'
import { foreignContents, foreignItem, type Neighbours, twoLists, updateOf } from './testing/foreign.ts'
import { closedWith, joinRaw, statelessFrame, syncFrame } from './testing/frames.ts'
import { startRoom, type TestRoom } from './testing/room.ts'

/** Set ATRIUM_FUZZ_SEED to repeat a run. */
const seed = Number(process.env.ATRIUM_FUZZ_SEED ?? Date.now() % 2 ** 31)

let database: Database
let room: TestRoom
const crashes: unknown[] = []
const crashed = (reason: unknown) => void crashes.push(reason)
beforeAll(async () => {
  process.on('unhandledRejection', crashed)
  process.on('uncaughtException', crashed)
  database = await openTestDatabase('embedded')
  room = await startRoom(database)
  room.roles.set(room.tomas.id, 'editor')
})
afterEach(() => {
  if (crashes.length > 0) throw new Error('something was thrown where nobody catches it', { cause: crashes.splice(0) })
})
afterAll(async () => {
  await room.stop()
  await database.close()
  process.off('unhandledRejection', crashed)
  process.off('uncaughtException', crashed)
})

/** Every text that people write, by what they call it. */
const texts: Record<string, { name(): string; make(doc: Y.Doc): Y.Text; read(doc: Y.Doc): Y.Text }> = {
  'a file': { name: () => `file/${room.projectId}/a.txt`, make: (doc) => doc.getText('content'), read: (doc) => doc.getText('content') },
  "a todo's text": { name: () => room.board, make: (doc) => makeTodo(doc), read: (doc) => todoIn(doc) },
  ...Object.fromEntries(
    draftNames.map((name) => {
      const draft = (doc: Y.Doc) => boardDraft(doc, name)
      return [draftRoot(name), { name: () => room.board, make: draft, read: draft }]
    }),
  ),
}

const makeTodo = (doc: Y.Doc) => {
  const text = new Y.Text()
  const todo = new Y.Map<unknown>()
  doc.getMap('todos').set('tdo', todo)
  todo.set('text', text)
  return text
}
const todoIn = (doc: Y.Doc) => (doc.getMap('todos').get('tdo') as Y.Map<unknown>).get('text') as Y.Text

/** Everything in a document that is live and stands where people write. */
const contentsIn = (doc: Y.Doc) =>
  [...doc.store.clients.values()].flat().flatMap((item) => (item instanceof Y.Item && !item.deleted ? [item.content.constructor.name] : []))

async function stored(name: string): Promise<Y.Doc> {
  const opened = await room.sync.documents.open(parseDocumentName(name))
  await opened.flushed()
  await opened.close()
  const doc = new Y.Doc()
  await loadDocument(database, name, doc)
  return doc
}

/** Sends what a hand-written client would, and resolves when all of it was handled or the socket was closed. */
async function attack(name: string, frames: readonly Uint8Array[]): Promise<number | 'open'> {
  const ws = room.raw('/sync')
  const received = await joinRaw(ws, name, room.tomas.token)
  const closed = closedWith(ws)
  for (const frame of frames) ws.send(syncFrame(name, 2, frame))
  ws.send(syncFrame(name, 1, Uint8Array.of(0, 0)))
  ws.send(statelessFrame(name, { type: 'mark', mark: 7 }))
  const marked = vi.waitFor(() => expect(received.some((frame) => frame.includes('"mark":7'))).toBe(true), { timeout: 20_000, interval: 5 })
  const end = await Promise.race([closed, marked.then(() => 'open' as const)])
  ws.terminate()
  return end
}

const neighbours: Neighbours[] = ['none', 'left', 'right', 'both', 'own left', 'nested', 'under a key', 'in two parts', 'the second part first']

describe.each(Object.keys(texts))('%s', (which) => {
  const { name: nameOf, make, read } = texts[which] as (typeof texts)[string]

  test(
    `holds nothing but strings, whatever is sent: ${foreignContents.length} kinds of content at ${neighbours.length} places`,
    { timeout: 120_000 },
    async () => {
      const name = nameOf()
      const ada = room.tab(room.ada).open(name)
      await ada.synced()
      make(ada.doc).insert(0, 'honest')
      await ada.marked()
      let dots = 0
      const passed: string[] = []
      for (const content of foreignContents) {
        for (const where of neighbours) {
          const ends = await attack(name, foreignItem(read(ada.doc), content, where))
          if (ends === 'open') passed.push(`${content.name} ${where}`)
        }
        read(ada.doc).insert(read(ada.doc).length, '.')
        dots++
        await ada.marked()
        expect([content.name, read(ada.doc).length]).toEqual([content.name, read(ada.doc).toJSON().length])
      }
      expect(passed).toEqual([])
      const text = read(await stored(name))
      const said = text.toJSON()
      expect([said, text.length]).toEqual([read(ada.doc).toJSON(), said.length])
      // Strings that came first, to be neighbours, are strings.
      expect(said.replaceAll('decoy', '')).toBe(`honest${'.'.repeat(dots)}`)
      expect([...new Set(contentsIn(await stored(name)))].filter((one) => !['ContentString', 'ContentType', 'ContentAny'].includes(one))).toEqual([])
      ada.provider.destroy()
    },
  )
})

const fuzzed = 500
test(`${fuzzed} random hostile updates store nothing that is no string, and stop nobody`, { timeout: 240_000 }, async () => {
  process.stderr.write(`content fuzz seed ${seed}\n`)
  const random = generator(seed)
  const names = [`file/${room.projectId}/fuzzed.txt`, room.board]
  const tabs = new Map(names.map((name) => [name, room.tab(room.ada).open(name)]))
  for (const tab of tabs.values()) await tab.synced()
  const file = tabs.get(names[0] ?? '')
  file?.doc.getText('content').insert(0, 'honest')
  const ends = new Map<string, number>()
  for (let i = 0; i < fuzzed; i += 10) {
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const name = pick(names, random)
        const doc = tabs.get(name)?.doc ?? new Y.Doc()
        const text = name === room.board ? pick([boardDraft(doc, 'python'), todoIn(doc)], random) : doc.getText('content')
        const frames = foreignItem(text, pick(foreignContents, random), pick(neighbours, random))
        const end = String(
          await attack(
            name,
            random() < 0.3
              ? [Y.mergeUpdates([...frames, updateOf((one) => one.getText(pick(['content', 'todos', ''], random)).insert(0, 'x'))])]
              : frames,
          ),
        )
        ends.set(end, (ends.get(end) ?? 0) + 1)
      }),
    )
    file?.doc.getText('content').insert(0, '.')
    await file?.marked()
  }
  process.stderr.write(`content fuzz: ${JSON.stringify(Object.fromEntries(ends))}, ${crashes.length} crashes\n`)
  for (const name of names)
    expect([
      name,
      [...new Set(contentsIn(await stored(name)))].filter((one) => !['ContentString', 'ContentType', 'ContentAny'].includes(one)),
    ]).toEqual([name, []])
  const kept = (await stored(names[0] ?? '')).getText('content')
  expect(kept.length).toBe(kept.toJSON().length)
  expect(kept.toJSON()).toContain('honest')
})

test('a plan holds todos, their fields and their texts, and no other type anywhere', async () => {
  const under = (make: () => unknown, ...keys: string[]) =>
    updateOf((doc) => {
      let map = doc.getMap('todos')
      for (const key of keys.slice(0, -1)) map = map.set(key, new Y.Map<unknown>()) as Y.Map<unknown>
      map.set(keys.at(-1) ?? '', make())
    })
  const ada = room.tab(room.ada).open(room.board)
  await ada.synced()
  const before = (await stored(room.board)).store.clients.size
  const makes = [
    () => new Y.Map(),
    () => new Y.Array(),
    () => new Y.Text(),
    () => new Y.XmlElement('p'),
    () => new Y.XmlFragment(),
    () => new Y.XmlText(),
  ]
  const bad = [
    ...makes.slice(1).map((make) => under(make, 'a todo')),
    ...makes.map((make) => under(make, 'a todo', 'status')),
    ...makes.filter((_, at) => at !== 2).map((make) => under(make, 'a todo', 'text')),
    ...[10n, [10n], { deep: [{ n: 10n }] }, Uint8Array.of(1), [Uint8Array.of(1)], new Y.Doc()].map((value) => under(() => value, 'a todo', 'order')),
    updateOf((doc) => doc.getArray('todos').push([1])),
    updateOf((doc) => doc.getText('todos').insert(0, 'text')),
    updateOf((doc) => doc.getText('elsewhere').insert(0, 'text')),
    updateOf((doc) => doc.getMap('disk').set('n', 1)),
    updateOf((doc) => doc.getMap('draft:python').set('a', 1)),
    updateOf((doc) => doc.getText('draft:other').insert(0, 'text')),
    updateOf((doc) => doc.getXmlFragment('__proto__').insert(0, [new Y.XmlElement('p')])),
  ]
  const ends: unknown[] = []
  for (const one of bad) ends.push(await attack(room.board, [one]))
  expect(ends).toEqual(bad.map(() => 4400))
  expect(await attack(room.board, [under(() => new Y.Text('honest'), 'a good todo', 'text')])).toBe('open')
  expect((await stored(room.board)).store.clients.size).toBe(before + 1)
  ada.provider.destroy()
})

test('what is missing when an edit is looked at does not arrive before it is applied', async () => {
  const name = `file/${room.projectId}/race.txt`
  const ada = room.tab(room.ada).open(name)
  await ada.synced()
  ada.doc.getText('content').insert(0, 'honest')
  await ada.marked()
  const sockets = [room.raw('/sync'), room.raw('/sync')] as const
  for (const ws of sockets) await joinRaw(ws, name, room.tomas.token)
  const embed = foreignContents.find((one) => one.name === 'embed') ?? foreignContents[0]
  for (let i = 0; embed && i < 100; i++) {
    const ahead = foreignItem(ada.doc.getText('content'), embed, 'on another')
    const open = sockets.filter((ws) => ws.readyState === ws.OPEN)
    for (const ws of open) if (open.length === 2) ws.send(syncFrame(name, 2, (ws === sockets[0] ? ahead[1] : ahead[0]) ?? Uint8Array.of(0, 0)))
  }
  ada.doc.getText('content').insert(0, '.')
  await ada.marked()
  const text = (await stored(name)).getText('content')
  expect(text.length).toBe(text.toJSON().length)
  for (const ws of sockets) ws.terminate()
})

test('two lists are not tied together by an item with a neighbour in each', async () => {
  for (const [name, make] of [[room.board, (doc: Y.Doc) => doc.getMap('todos').set('value', 'a')] as const]) {
    const ada = room.tab(room.ada).open(name)
    await ada.synced()
    make(ada.doc)
    boardDraft(ada.doc, 'python').insert(0, 'draft')
    await ada.marked()
    expect(await attack(name, twoLists(ada.doc))).toBe(4400)
    ada.provider.destroy()
  }
})

test("what the server keeps in a file's document is neither written nor removed by people", async () => {
  const path = 'kept.txt'
  const name = `file/${room.projectId}/${path}`
  const opened = await room.sync.documents.open({ kind: 'file', projectId: room.projectId, path } as DocumentName)
  opened.transact((doc) => doc.getMap('disk').set('n', 5))
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(opened.doc))
  const changes: Uint8Array[] = []
  copy.on('update', (one: Uint8Array) => void changes.push(one))
  copy.getMap('disk').delete('n')
  expect(await attack(name, changes)).toBe(4400)
  expect(await attack(name, [updateOf((doc) => doc.getMap('disk').set('n', 6))])).toBe(4400)
  expect(opened.doc.getMap('disk').toJSON()).toEqual({ n: 5 })
  await opened.close()
})

test.each(['file', 'board'] as const)("%s: an edit under somebody else's client id is refused aloud, and nothing of theirs is lost", async (kind) => {
  const name = kind === 'board' ? room.board : `file/${room.projectId}/owned.txt`
  const root = kind === 'board' ? 'draft:python' : 'content'
  const ada = room.tab(room.ada).open(name)
  await ada.synced()
  ada.doc.getText(root).insert(0, 'Ada wrote this. ')
  await ada.marked()
  const said = ada.doc.getText(root).toJSON()
  const asAda = Object.assign(new Y.Doc(), { clientID: ada.doc.clientID })
  const forger = room.tab(room.tomas).open(name, asAda)
  // Before it knows of anything: the same ids, another text. Yjs would drop it without a word.
  asAda.getText(root).insert(0, 'Tomás')
  await forger.until(() => forger.heard.some((message) => message.type === 'refused'), 'the refusal')
  expect(forger.heard.filter((message) => message.type === 'marked')).toEqual([])
  expect(forger.heard).toContainEqual(expect.objectContaining({ type: 'refused', code: 'foreign_author' }))
  forger.provider.destroy()
  // After it knows all: the next ids.
  const later = new Y.Doc()
  Y.applyUpdate(later, Y.encodeStateAsUpdate(ada.doc))
  later.clientID = ada.doc.clientID
  const second = room.tab(room.tomas).open(name, later)
  await second.synced()
  later.getText(root).insert(0, 'forged ')
  await second.until(() => second.heard.some((message) => message.type === 'refused'), 'the second refusal')
  ada.doc.getText(root).insert(0, 'And this. ')
  await ada.marked()
  expect((await stored(name)).getText(root).toJSON()).toBe(`And this. ${said}`)
})

test('nobody writes a board under the client id that the server writes under', async () => {
  const opened = await room.sync.documents.open({ kind: 'board', projectId: room.projectId })
  opened.transact((doc) => doc.getMap('todos').set('agent', 1))
  const forged = new Y.Doc()
  Y.applyUpdate(forged, Y.encodeStateAsUpdate(opened.doc))
  forged.clientID = opened.doc.clientID
  const tab = room.tab(room.tomas).open(room.board, forged)
  await tab.synced()
  forged.getMap('todos').set('agent', 2)
  await tab.until(() => tab.heard.some((message) => message.type === 'refused'), 'the refusal')
  expect(opened.doc.getMap('todos').get('agent')).toBe(1)
  await opened.close()
})

test('what was stored before it was refused is cleaned when the document is loaded, durably', async () => {
  const name = `file/${room.projectId}/before.txt`
  const hostile = updateOf((doc) => {
    const text = doc.getText('content')
    text.insert(0, 'hello world')
    text.insertEmbed(5, { image: 'x' })
    text.insertEmbed(0, new Y.Map())
    text.format(2, 3, { bold: true })
    text.setAttribute('a', 1)
  })
  const lease = await room.sync.documents.open({ kind: 'file', projectId: room.projectId, path: 'other.txt' } as DocumentName)
  await lease.close()
  const { documentUpdates } = await import('./table.ts')
  const { toRows } = await import('./row-codec.ts')
  await database.db
    .insert(documentUpdates)
    .values(toRows(hostile, 100_000).map((data, at) => ({ document: name, seq: at + 1, at: 0, projectId: room.projectId, data })))
  const ada = room.tab(room.ada).open(name)
  await ada.synced()
  const text = ada.doc.getText('content')
  expect([text.toJSON(), text.length]).toEqual(['hello world', 11])
  const kept = await stored(name)
  expect(new Set(contentsIn(kept))).toEqual(new Set(['ContentString']))
  text.insert(11, '!')
  await ada.marked()
  expect((await stored(name)).getText('content').toJSON()).toBe('hello world!')
})
