import { createStore, type Store } from '../ui/store.ts'
import type { UnmergedEdit, OfflineStore } from './offline-store.ts'

/**
 * Why unmerged edits cannot be merged without their person:
 *   forbidden  this person may not edit it any more     gone      nothing is there any more
 *   not_text   what is there is no text                 too_large what is there, or would be, is too long
 *   unmerged   nobody knows what it was made of             large     one edit was larger than any may be
 *   draft      it was made of no file, and too large for what all write together
 */
export type HeldBecause = 'forbidden' | 'gone' | 'not_text' | 'too_large' | 'unmerged' | 'large' | 'draft'

export type WaitingEdit = UnmergedEdit & { held?: HeldBecause | undefined }

/** Edits of documents that have no history in common with the server's any more, until they are merged. */
export type UnmergedEdits = Pick<Store<readonly WaitingEdit[]>, 'get' | 'subscribe'> & {
  add(edit: UnmergedEdit): void
  /** It cannot be merged without its person; without a reason it is tried again. */
  hold(id: string, why: HeldBecause | undefined): void
  /** It is merged, or not wanted any more. */
  settle(id: string): void
  /** Edits that are still to be merged. */
  waiting(): number
  clear(): void
}

export function createUnmergedEdits(offlineStore: () => Promise<OfflineStore | undefined> | undefined): UnmergedEdits {
  const store = createStore<readonly WaitingEdit[]>([])
  const isKnown = (id: string) => store.get().some((one) => one.id === id)
  return {
    get: store.get,
    subscribe: store.subscribe,
    add(edit) {
      if (!isKnown(edit.id)) store.set([...store.get(), edit])
    },
    hold: (id, held) => store.set(store.get().map((one) => (one.id === id ? { ...one, held } : one))),
    settle(id) {
      store.set(store.get().filter((one) => one.id !== id))
      void offlineStore()
        ?.then((from) => from?.removeUnmerged(id))
        .catch(() => undefined)
    },
    waiting: () => store.get().reduce((sum, { held, edits }) => sum + (held ? 0 : edits), 0),
    clear: () => store.set([]),
  }
}
