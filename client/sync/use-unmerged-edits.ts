import { use, useSyncExternalStore } from 'react'
import { createUnmergedEdits, type UnmergedEdits } from '../offline/unmerged-edits.ts'
import { SyncContext } from './use-document.ts'

const none = createUnmergedEdits(() => undefined)

/** What this person made of files and could not be joined, and what may be done with it. */
export function useUnmergedEdits(): { asides: UnmergedEdits; all: ReturnType<UnmergedEdits['get']> } {
  const asides = use(SyncContext)?.asides ?? none
  return { asides, all: useSyncExternalStore(asides.subscribe, asides.get) }
}
