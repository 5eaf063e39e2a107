import { use, useSyncExternalStore } from 'react'
import { createAsides, type Asides } from './asides.ts'
import { SyncContext } from './use-document.ts'

const none = createAsides(() => undefined)

/** What this person made of files and could not be joined, and what may be done with it. */
export function useAsides(): { asides: Asides; all: ReturnType<Asides['get']> } {
  const asides = use(SyncContext)?.asides ?? none
  return { asides, all: useSyncExternalStore(asides.subscribe, asides.get) }
}
