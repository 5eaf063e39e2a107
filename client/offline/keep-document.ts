import * as Y from 'yjs'
import { newId } from '#shared/base/new-id.ts'
import { createOfflineEdits } from './offline-edits.ts'
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
   * Forgets the document, and keeps its edits as unmerged ones, in this browser if that can be. With `stay` it can be restored afterwards:
   * then only what `doc` has and was not stored becomes unmerged.
   */
  keepUnmerged(doc: Y.Doc, edits: number, large?: boolean, stay?: boolean): Promise<UnmergedEdit>
}

/** Keeps one document for its person. Storage that fails costs the keeping, never the editing. */
export function keepDocument(
  name: string,
  offlineStore: Promise<OfflineStore | undefined>,
  read: () => { doc: Y.Doc; access: 'read' | 'write' } | undefined,
): DocumentKeeper {
  const quietly = async <T>(work: (store: OfflineStore) => Promise<T>): Promise<T | undefined> => {
    try {
      const store = await offlineStore
      return store && (await work(store))
    } catch {
      return undefined
    }
  }
  const edits = createOfflineEdits((update) => quietly((store) => store.addEdit(name, update)))
  /** The state is kept. From then on it is not renewed while edits wait: it holds only what the server has. */
  let saved = false
  /** What came of others since the state was kept last. */
  let since: Uint8Array[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  const keepReceived = () => {
    const update = Y.mergeUpdates(since.splice(0))
    void quietly(async (store) => edits.addDurable(await store.addEdit(name, update, true)))
  }
  const stopWaiting = () => {
    clearTimeout(timer)
    timer = undefined
  }
  /** With nothing that was known before. */
  const begin = () => {
    edits.clear()
    since = []
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
      return { access: found.access ?? 'write', waiting: edits.found(found.edits) }
    },
    edited: edits.add,
    received(update) {
      if (saved) since.push(update)
      keeper.touch()
    },
    settled(unsaved) {
      const settled = edits.takeSettled(unsaved)
      if (settled.length === 0) return
      void quietly(async (store) => {
        const keys = (await Promise.all(settled)).filter((key) => key !== undefined)
        await store.settleEdits(keys)
        edits.addDurable(...keys)
        keeper.touch()
      })
    },
    atRisk: edits.atRisk,
    touch() {
      timer ??= setTimeout(() => keeper.flush(), keepAfterMs)
    },
    flush() {
      if (timer === undefined) return
      stopWaiting()
      const now = read()
      if (!now) return
      const { doc, access } = now
      if (edits.isWaiting()) {
        if (since.length > 0) keepReceived()
        return
      }
      const held = edits.takeDurable()
      since = []
      saved = true
      const vector = (keeper.vector = Y.encodeStateVector(doc))
      // As it is now: the store may be opening still, and the next edit is not the server's.
      const state = Y.encodeStateAsUpdate(doc)
      void quietly((store) => store.save(name, { state, vector, access }, held))
    },
    forget() {
      stopWaiting()
      begin()
      void quietly((store) => store.remove([name]))
    },
    async keepUnmerged(doc, count, large, stay) {
      stopWaiting()
      if (since.length > 0) keepReceived()
      begin()
      const edit = unmergedEditOf(name, doc, count, large)
      return (await quietly((store) => store.keepUnmerged(edit, stay))) ?? edit
    },
  }
  return keeper
}

/** Unmerged edits whose base is not known. */
export const unmergedEditOf = (name: string, doc: Y.Doc, edits: number, large = false): UnmergedEdit => ({
  id: newId('hin'),
  name,
  at: Date.now(),
  before: undefined,
  mine: Y.encodeStateAsUpdate(doc),
  edits,
  ...(large && { large }),
})
