import type { UnmergedEdit, OfflineStore, OfflineEdit, OfflineState } from '../offline-store.ts'

/** What a browser keeps, in memory; `failing` is a storage that is full. */
export function memory() {
  const states = new Map<string, OfflineState>()
  const edits = new Map<number, OfflineEdit & { name: string }>()
  const asides = new Map<string, UnmergedEdit>()
  let next = 0
  const store = { failing: false }
  const kept: OfflineStore = {
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
    async putAside(aside, stay = false) {
      if (store.failing) throw new Error('full')
      const row = states.get(aside.name)
      const rows = [...edits.values()].filter((edit) => edit.name === aside.name)
      const made = { ...aside, before: row && [row.state, ...rows.filter(({ durable }) => durable || stay).map(({ update }) => update)] }
      asides.set(aside.id, made)
      if (!stay) await kept.remove([aside.name])
      return made
    },
    asides: async () => [...asides.values()],
    async removeAside(id) {
      asides.delete(id)
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
  return { kept, states, edits, asides, store }
}
