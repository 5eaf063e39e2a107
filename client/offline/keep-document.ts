import * as Y from 'yjs'
import { newId } from '#shared/base/new-id.ts'
import type { UnmergedEdit, OfflineStore } from './offline-store.ts'

/** A change is kept this long after it, at the latest, in milliseconds. */
const keepAfterMs = 1500
/** A store that does not answer must not keep anybody from the room. */
const patienceMs = 1500

export type DocumentKeeper = {
  /**
   * Brings back what was kept. Resolves with the access it was kept with and how many edits wait, or undefined when
   * nothing was kept or the store failed.
   */
  restore(doc: Y.Doc, origin: unknown): Promise<{ access: 'read' | 'write'; waiting: number } | undefined>
  /** The server's state vector when this document was last level with it. */
  vector: Uint8Array | undefined
  /** An edit was made here that is not durable. */
  edited(update: Uint8Array): void
  /** Somebody else's edit came. */
  received(update: Uint8Array): void
  /** All but the newest `unsaved` edits are durable on the server. */
  settled(unsaved: number): void
  /** Edits that a reload would lose. */
  atRisk(): number
  /** Keeps the document as it is, soon. */
  touch(): void
  /** Keeps the document as it is, now. */
  flush(): void
  forget(): void
  /**
   * Forgets the document, but for what was made of it here: that stands aside, in this browser if that can be. With `stay` it is
   * forgotten only until it is restored: what `doc` has and nobody kept is what stands aside.
   */
  keepUnmerged(doc: Y.Doc, edits: number, large?: boolean, stay?: boolean): Promise<UnmergedEdit>
}

/** Keeps one document for its person. Storage that fails costs the keeping, never the editing. */
export function keepDocument(
  name: string,
  offlineStore: Promise<OfflineStore | undefined>,
  read: () => { doc: Y.Doc; access: 'read' | 'write' } | undefined,
): DocumentKeeper {
  /** Keys of the edits that are not durable, oldest first; an edit that could not be kept has none. */
  let edits: Promise<number | undefined>[] = []
  /** Keys of edits that are durable, and go when the document is saved with them. */
  let durable: number[] = []
  let pending = 0
  let failed = 0
  /** The state is kept. From then on it is not renewed while edits wait: it holds only what the server has. */
  let saved = false
  /** What came of others since the state was kept last. */
  let since: Uint8Array[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  const quietly = async <T>(work: (store: OfflineStore) => Promise<T>): Promise<T | undefined> => {
    try {
      const store = await offlineStore
      return store && (await work(store))
    } catch {
      return undefined
    }
  }

  const keepReceived = () => {
    const update = Y.mergeUpdates(since.splice(0))
    void quietly(async (store) => durable.push(await store.addEdit(name, update, true)))
  }
  /** With nothing that was known before. */
  const begin = () => {
    edits = []
    durable = []
    since = []
    failed = 0
    saved = false
    keeper.vector = undefined
  }

  const keeper: DocumentKeeper = {
    vector: undefined,
    async restore(doc, origin) {
      const found = await Promise.race([
        quietly((store) => store.load(name)),
        new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), patienceMs)),
      ])
      if (!found) return undefined
      try {
        doc.transact(() => {
          if (found.state) Y.applyUpdate(doc, found.state, origin)
          for (const { update } of found.edits) Y.applyUpdate(doc, update, origin)
        }, origin)
      } catch {
        keeper.forget()
        return undefined
      }
      keeper.vector = found.vector
      saved = found.state !== undefined
      const waiting = found.edits.filter((edit) => !edit.durable)
      durable = found.edits.filter((edit) => edit.durable).map(({ key }) => key)
      edits = [...waiting.map(({ key }) => Promise.resolve<number | undefined>(key)), ...edits]
      return { access: found.access ?? 'write', waiting: waiting.length }
    },
    edited(update) {
      pending += 1
      const key = quietly((store) => store.addEdit(name, update)).then((made) => {
        pending -= 1
        // One that became durable meanwhile needs no keeping.
        if (made === undefined && edits.includes(key)) failed += 1
        return made
      })
      edits.push(key)
    },
    received(update) {
      if (saved) since.push(update)
      keeper.touch()
    },
    settled(unsaved) {
      if (unsaved === 0) failed = 0
      const settled = edits.splice(0, Math.max(0, edits.length - unsaved))
      if (settled.length === 0) return
      void quietly(async (store) => {
        const keys = (await Promise.all(settled)).filter((key) => key !== undefined)
        await store.settleEdits(keys)
        durable.push(...keys)
        keeper.touch()
      })
    },
    atRisk: () => pending + failed,
    touch() {
      timer ??= setTimeout(() => keeper.flush(), keepAfterMs)
    },
    flush() {
      if (timer === undefined) return
      clearTimeout(timer)
      timer = undefined
      const now = read()
      if (!now) return
      const { doc, access } = now
      if (edits.length > 0) {
        if (since.length > 0) keepReceived()
        return
      }
      const held = durable.splice(0)
      since = []
      saved = true
      keeper.vector = Y.encodeStateVector(doc)
      // As it is now: the store may be opening still, and the next edit is not the server's.
      const state = Y.encodeStateAsUpdate(doc)
      const { vector } = keeper
      void quietly((store) => store.save(name, { state, vector, access }, held))
    },
    forget() {
      clearTimeout(timer)
      timer = undefined
      begin()
      void quietly((store) => store.remove([name]))
    },
    async keepUnmerged(doc, count, large, stay) {
      clearTimeout(timer)
      timer = undefined
      if (since.length > 0) keepReceived()
      begin()
      const edit = { id: newId('hin'), name, at: Date.now(), mine: Y.encodeStateAsUpdate(doc), edits: count, ...(large && { large }) }
      return (await quietly((store) => store.keepUnmerged(edit, stay))) ?? { ...edit, before: undefined }
    },
  }
  return keeper
}
