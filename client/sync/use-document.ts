import { createContext, useCallback, useContext, useMemo, useSyncExternalStore } from 'react'
import * as Y from 'yjs'
import { formatDocumentName, type DocumentName } from '#shared/wire/document-names.ts'
import { sameValue } from './same-value.ts'
import { nothingYet, type Sync } from './sync.ts'
import type { SavedState } from './saved.ts'
import type { DocumentState } from './document-state.ts'

export const SyncContext = createContext<Sync | null>(null)

export function useSync(): Sync {
  const sync = useContext(SyncContext)
  if (!sync) throw new Error('SyncContext is missing above this component')
  return sync
}

/** Opens a shared document for as long as the component is there. Null opens nothing. */
export function useDocument(name: DocumentName | null): DocumentState {
  const sync = useSync()
  const key = name ? formatDocumentName(name) : null
  const subscribe = useCallback(
    (listener: () => void) => {
      if (key === null) return () => {}
      const release = sync.open(key)
      const unsubscribe = sync.subscribe(key, listener)
      return () => {
        unsubscribe()
        release()
      }
    },
    [sync, key],
  )
  return useSyncExternalStore(subscribe, () => (key === null ? nothingYet : sync.state(key)))
}

/** Saving, Saved, Offline with changes, Read-only: for everything this tab has open. It changes with every key that is pressed. */
export function useSaved(): SavedState {
  return useSavedPart((state) => state)
}

/** The part that `select` picks, a plain value or the state itself: a large component renders only when that part changes. */
export function useSavedPart<T>(select: (state: SavedState) => T): T {
  const { saved } = useSync()
  return useSyncExternalStore(saved.subscribe, () => select(saved.get()))
}

/**
 * A value read from a document, renewed when the part it is read `from` changes. Growth of shared texts inside that part
 * does not count (see `useGrowingText`), and a result that equals the last one is the last one, so nothing renders twice.
 * `read` and `from` must be stable between renders.
 */
export function useDocValue<T>(doc: Y.Doc, read: (doc: Y.Doc) => T, from: (doc: Y.Doc) => Watched): T {
  const store = useMemo(() => createReader(doc, read, from), [doc, read, from])
  return useSyncExternalStore(store.subscribe, store.get)
}

/** Any shared type whose changes can be followed. */
type Watched = Pick<Y.AbstractType<unknown>, 'observeDeep' | 'unobserveDeep'>

export function createReader<T>(doc: Y.Doc, read: (doc: Y.Doc) => T, from: (doc: Y.Doc) => Watched) {
  let stale = true
  let value: { of: T } | undefined
  const get = (): T => {
    if (value && !stale) return value.of
    const next = read(doc)
    stale = false
    if (value && sameValue(value.of, next)) return value.of
    value = { of: next }
    return next
  }
  return {
    get,
    subscribe(listener: () => void) {
      const part = from(doc)
      const observer = (events: Y.YEvent<Y.AbstractType<unknown>>[]) => {
        if (events.every((event) => event.target instanceof Y.Text)) return
        stale = true
        listener()
      }
      part.observeDeep(observer)
      // What changed between the first reading and this call was not observed.
      stale = true
      return () => part.unobserveDeep(observer)
    },
  }
}
