import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { keepDocument } from './keep-document.ts'
import { memoryOfflineStore } from './testing/memory-offline-store.ts'

const name = 'board/1'

/** Ada's page with the board open, level with a server that holds `steps`. */
function page(disk: ReturnType<typeof memoryOfflineStore>, doc = new Y.Doc()) {
  const keeper = keepDocument(name, Promise.resolve(disk.offlineStore), () => ({ doc, access: 'write' }))
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin === 'here') keeper.edited(update)
    else if (origin === 'server') keeper.received(update)
  })
  /** As on arriving: what the server has is kept at once. */
  const join = (server: Y.Doc) => {
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(server), 'server')
    keeper.touch()
    keeper.flush()
  }
  const write = (step: string) => doc.transact(() => doc.getArray<string>('steps').push([step]), 'here')
  const steps = () => doc.getArray<string>('steps').toArray()
  return { doc, keeper, join, write, steps }
}

test('an edit without a server is there on the next page, and counted there', async () => {
  const disk = memoryOfflineStore()
  const server = new Y.Doc()
  server.getArray<string>('steps').push(['Ask the harbour'])
  const first = page(disk)
  first.join(server)
  first.write('Read the tables')
  await vi.waitFor(() => expect(disk.edits.size).toBe(1))

  const second = page(disk)
  expect(await second.keeper.restore(second.doc, 'kept')).toEqual({ access: 'write', waiting: 1 })
  expect(second.steps()).toEqual(['Ask the harbour', 'Read the tables'])

  second.keeper.settled(0)
  await vi.waitFor(() => expect([...disk.edits.values()].every(({ durable }) => durable)).toBe(true))
  const third = page(disk)
  expect(await third.keeper.restore(third.doc, 'kept')).toMatchObject({ waiting: 0 })
  expect(third.steps(), 'a durable edit is not dropped before the document is kept with it').toEqual(['Ask the harbour', 'Read the tables'])
})

test('edits go once the document is kept with them', async () => {
  const disk = memoryOfflineStore()
  const { keeper, join, write } = page(disk)
  join(new Y.Doc())
  write('Draw the curve')
  await vi.waitFor(() => expect(disk.edits.size).toBe(1))
  keeper.settled(0)
  await vi.waitFor(() => {
    keeper.touch()
    keeper.flush()
    expect(disk.edits.size).toBe(0)
  })
  expect(disk.states.get(name)).toBeDefined()
})

test('what stands aside knows what it was made of: all that the server had, and nothing of what waits', async () => {
  const disk = memoryOfflineStore()
  const server = new Y.Doc()
  const steps = (doc: Y.Doc) => doc.getArray<string>('steps').toArray()
  const stateOf = (updates: readonly Uint8Array[] = []) => {
    const doc = new Y.Doc()
    for (const update of updates) Y.applyUpdate(doc, update)
    return steps(doc)
  }
  server.getArray('steps').push(['Ask the harbour'])
  const first = page(disk)
  first.join(server)
  first.write('Read the tables')
  // Somebody else writes before hers has arrived.
  server.getArray('steps').insert(0, ['Buy paper'])
  Y.applyUpdate(first.doc, Y.encodeStateAsUpdate(server), 'server')
  first.keeper.flush()
  await vi.waitFor(() => expect(disk.edits.size).toBe(2))

  const second = page(disk)
  expect(await second.keeper.restore(second.doc, 'kept')).toMatchObject({ waiting: 1 })
  expect(second.steps()).toEqual(['Buy paper', 'Ask the harbour', 'Read the tables'])
  second.write('Draw the curve')
  const edit = await second.keeper.keepUnmerged(second.doc, 2)
  expect(stateOf(edit.before)).toEqual(['Buy paper', 'Ask the harbour'])
  expect(stateOf([edit.mine])).toEqual(['Buy paper', 'Ask the harbour', 'Read the tables', 'Draw the curve'])
  expect(edit).toMatchObject({ name, edits: 2 })
  expect([...disk.unmerged.keys()]).toEqual([edit.id])
  expect([disk.states.size, disk.edits.size]).toEqual([0, 0])
})

test('one edit that is too large stands aside alone: the document and what waits of it are there when it is restored', async () => {
  const disk = memoryOfflineStore()
  const server = new Y.Doc()
  server.getArray('steps').push(['Ask the harbour'])
  const { doc, keeper, join, write, steps } = page(disk)
  join(server)
  write('Read the tables')
  await vi.waitFor(() => expect(disk.edits.size).toBe(1))
  // Not handed to the keeper, as one that is never sent.
  doc.transact(() => doc.getArray('steps').push(['Too much']), 'nobody')
  const edit = await keeper.keepUnmerged(doc, 1, true, true)
  expect(edit).toMatchObject({ edits: 1, large: true })
  expect(steps()).toEqual(['Ask the harbour', 'Read the tables', 'Too much'])
  const again = new Y.Doc()
  expect(await keeper.restore(again, 'kept')).toEqual({ access: 'write', waiting: 1 })
  expect(again.getArray('steps').toArray()).toEqual(['Ask the harbour', 'Read the tables'])
  keeper.settled(0)
  await vi.waitFor(() => expect([...disk.edits.values()].every(({ durable }) => durable)).toBe(true))
})

test('with a full storage what stands aside lasts as long as the page, and nobody says what it was made of', async () => {
  const disk = memoryOfflineStore()
  const first = page(disk)
  first.join(new Y.Doc())
  first.write('Read the tables')
  disk.store.failing = true
  expect(await first.keeper.keepUnmerged(first.doc, 1)).toMatchObject({ before: undefined, edits: 1 })
})

test('with a full storage the page says what a reload would lose', async () => {
  const disk = memoryOfflineStore()
  disk.store.failing = true
  const { keeper, write, steps } = page(disk)
  write('Draw the curve')
  await vi.waitFor(() => expect(keeper.atRisk()).toBe(1))
  expect(steps()).toEqual(['Draw the curve'])
  keeper.settled(0)
  await vi.waitFor(() => expect(keeper.atRisk()).toBe(0))
})
