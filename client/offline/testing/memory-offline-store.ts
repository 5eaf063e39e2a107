import type { UnmergedEdit, OfflineStore, OfflineEdit, OfflineState } from '../offline-store.ts'

/** What a browser keeps, in memory; `failing` is a storage that is full. */
export function memoryOfflineStore() {
  const states = new Map<string, OfflineState>()
  const edits = new Map<number, OfflineEdit & { name: string }>()
  const unmerged = new Map<string, UnmergedEdit>()
  let next = 0
  const store = { failing: false }
  const offlineStore: OfflineStore = {
    load: async (name) => ({ ...states.get(name), edits: [...edits.values()].filter((edit) => edit.name === name) }),
    async save(name, state, held) {
      if (store.failing) throw new Error('full')
      for (const key of held) edits.delete(key)
      states.set(name, state)
    },
    async addEdit(name, update, durable = false) {
      if (store.failing) throw new Error('full')
      next += 1
      edits.set(next, { key: next, name, update, durable })
      return next
    },
    async settleEdits(keys) {
      for (const key of keys) {
        const edit = edits.get(key)
        if (edit) edits.set(key, { ...edit, durable: true })
      }
    },
    waiting: async () => new Map([...edits.values()].filter(({ durable }) => !durable).map(({ name }) => [name, 1])),
    names: async () => [...states.keys()],
    async keepUnmerged(edit, stay = false) {
      if (store.failing) throw new Error('full')
      const row = states.get(edit.name)
      const rows = [...edits.values()].filter(({ name }) => name === edit.name)
      const made = { ...edit, before: row && [row.state, ...rows.filter(({ durable }) => durable || stay).map(({ update }) => update)] }
      unmerged.set(edit.id, made)
      if (!stay) await offlineStore.remove([edit.name])
      return made
    },
    unmergedEdits: async () => [...unmerged.values()],
    async removeUnmerged(id) {
      unmerged.delete(id)
    },
    async remove(names) {
      for (const name of names) states.delete(name)
      for (const [key, edit] of edits) if (names.includes(edit.name)) edits.delete(key)
    },
    answers: async () => [],
    keepAnswer: async () => {},
    close: () => {},
    destroy: async () => {},
  }
  return { offlineStore, states, edits, unmerged, store }
}
