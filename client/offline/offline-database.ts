import type { UnmergedEdit, OfflineStore, OfflineDocument, OfflineState } from './offline-store.ts'

/** Documents kept besides those with waiting edits; the ones not seen for longest go first. */
const mostDocuments = 60
/** A document larger than this is not kept: it would cost more than it saves. */
const largestState = 8_000_000

type StateRow = OfflineState & { name: string; at: number }
type EditRow = { name: string; update: Uint8Array; durable?: true }

const databaseName = (userId: string) => `atrium/${userId}`

/** One IndexedDB database for each person of this browser. Everything that fails makes the promise reject. */
export async function openOfflineStore(userId: string): Promise<OfflineStore> {
  const database = await open(databaseName(userId))
  const store = (name: 'states' | 'edits' | 'answers' | 'asides', mode: IDBTransactionMode) => database.transaction(name, mode).objectStore(name)
  await dropOldest(database)

  return {
    async load(name) {
      const transaction = database.transaction(['states', 'edits'])
      const edits = transaction.objectStore('edits').index('name')
      const [row, keys, rows] = await Promise.all([
        answer(transaction.objectStore('states').get(name) as IDBRequest<StateRow | undefined>),
        answer(edits.getAllKeys(name) as IDBRequest<number[]>),
        answer(edits.getAll(name) as IDBRequest<EditRow[]>),
      ])
      if (!row && rows.length === 0) return undefined
      const waiting = rows.map(({ update, durable = false }, i) => ({ key: keys[i] as number, update, durable }))
      return { ...(row && { state: row.state, vector: row.vector, access: row.access }), edits: waiting } satisfies OfflineDocument
    },
    async save(name, document, held) {
      if (document.state.length > largestState) return
      const transaction = database.transaction(['states', 'edits'], 'readwrite')
      for (const key of held) transaction.objectStore('edits').delete(key)
      await written(transaction, transaction.objectStore('states').put({ name, at: Date.now(), ...document } satisfies StateRow))
    },
    addEdit(name, update, durable = false) {
      const edits = store('edits', 'readwrite')
      return written(edits.transaction, edits.add({ name, update, ...(durable && { durable }) } satisfies EditRow) as IDBRequest<number>)
    },
    async settleEdits(keys) {
      const edits = store('edits', 'readwrite')
      for (const key of keys) {
        const row = await answer(edits.get(key) as IDBRequest<EditRow | undefined>)
        if (row) edits.put({ ...row, durable: true } satisfies EditRow, key)
      }
    },
    async waiting() {
      const counts = new Map<string, number>()
      for (const { name, durable } of await answer(store('edits', 'readonly').getAll() as IDBRequest<EditRow[]>)) {
        if (!durable) counts.set(name, (counts.get(name) ?? 0) + 1)
      }
      return counts
    },
    async names() {
      const rows = await answer(store('edits', 'readonly').getAll() as IDBRequest<EditRow[]>)
      return [...new Set([...((await answer(store('states', 'readonly').getAllKeys())) as string[]), ...rows.map(({ name }) => name)])]
    },
    async keepUnmerged(edit, stay = false) {
      const transaction = database.transaction(['states', 'edits', 'asides'], 'readwrite')
      const [states, edits, unmergedEdits] = [transaction.objectStore('states'), transaction.objectStore('edits'), transaction.objectStore('asides')]
      const [row, keys, rows] = await Promise.all([
        answer(states.get(edit.name) as IDBRequest<StateRow | undefined>),
        answer(edits.index('name').getAllKeys(edit.name)),
        answer(edits.index('name').getAll(edit.name) as IDBRequest<EditRow[]>),
      ])
      const before = row && [row.state, ...rows.filter(({ durable }) => durable || stay).map(({ update }) => update)]
      const made: UnmergedEdit = { ...edit, before }
      if (!stay) {
        states.delete(edit.name)
        for (const key of keys) edits.delete(key)
      }
      await answer(unmergedEdits.put(made))
      return made
    },
    unmergedEdits: () => answer(store('asides', 'readonly').getAll() as IDBRequest<UnmergedEdit[]>),
    async removeUnmerged(id) {
      await answer(store('asides', 'readwrite').delete(id))
    },
    async remove(names) {
      const transaction = database.transaction(['states', 'edits'], 'readwrite')
      for (const name of names) {
        transaction.objectStore('states').delete(name)
        const edits = transaction.objectStore('edits')
        for (const key of await answer(edits.index('name').getAllKeys(name))) edits.delete(key)
      }
    },
    async answers() {
      const answers = store('answers', 'readonly')
      const [keys, values] = await Promise.all([answer(answers.getAllKeys()), answer(answers.getAll() as IDBRequest<unknown[]>)])
      return keys.map((key, i) => [String(key), values[i]])
    },
    async keepAnswer(key, value) {
      await answer(store('answers', 'readwrite').put(value, key))
    },
    close: () => database.close(),
    async destroy() {
      database.close()
      await answer(indexedDB.deleteDatabase(databaseName(userId)))
    },
  }
}

function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 2)
  request.addEventListener('upgradeneeded', () => {
    const database = request.result
    if (!database.objectStoreNames.contains('states')) {
      database.createObjectStore('states', { keyPath: 'name' }).createIndex('at', 'at')
      database.createObjectStore('edits', { autoIncrement: true }).createIndex('name', 'name')
      database.createObjectStore('answers')
    }
    // Unmerged edits, by the name that this store has in browsers since long.
    database.createObjectStore('asides', { keyPath: 'id' })
  })
  return answer(request).then((database) => {
    // Another tab signs this person out: it must not wait for this one.
    database.addEventListener('versionchange', () => database.close())
    return database
  })
}

async function dropOldest(database: IDBDatabase) {
  const transaction = database.transaction(['states', 'edits'], 'readwrite')
  const states = transaction.objectStore('states')
  const names = (await answer(states.index('at').getAllKeys())) as string[]
  const waiting = new Set((await answer(transaction.objectStore('edits').getAll() as IDBRequest<EditRow[]>)).map(({ name }) => name))
  const unneeded = names.filter((name) => !waiting.has(name))
  for (const name of unneeded.slice(0, Math.max(0, unneeded.length - mostDocuments))) states.delete(name)
}

/** The last request of a transaction, once the browser has all of it. It is handed over at once: a page that is left in this moment loses nothing. */
const written = <T>(transaction: IDBTransaction, request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve(request.result))
    transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('the browser’s storage failed')))
    transaction.commit()
  })

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('the browser’s storage failed')))
  })
