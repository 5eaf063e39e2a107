import { useCallback, useSyncExternalStore } from 'react'
import { createStore, type Store } from '../ui/store.ts'

/** What a person opened or closed, by row: kept while rows come and go. */
export type Opened = Store<ReadonlyMap<string, boolean>>

export const createOpened = (): Opened => createStore<ReadonlyMap<string, boolean>>(new Map())

export const setOpened = (opened: Opened, key: string, open: boolean) => opened.set(new Map([...opened.get(), [key, open]]))

/** Whether a row is open: as it was chosen, else `byItself`. */
export function useOpened(opened: Opened, key: string, byItself: boolean): [boolean, (open: boolean) => void] {
  const chosen = useSyncExternalStore(opened.subscribe, () => opened.get().get(key))
  return [chosen ?? byItself, useCallback((open: boolean) => setOpened(opened, key, open), [opened, key])]
}
