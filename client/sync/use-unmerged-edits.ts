import { use, useSyncExternalStore } from 'react'
import { createUnmergedEdits, type UnmergedEdits } from '../offline/unmerged-edits.ts'
import { SyncContext } from './use-document.ts'

const none = createUnmergedEdits(() => undefined)

/** This person's unmerged edits of files, and what may be done with them. */
export function useUnmergedEdits(): { unmergedEdits: UnmergedEdits; all: ReturnType<UnmergedEdits['get']> } {
  const unmergedEdits = use(SyncContext)?.unmergedEdits ?? none
  return { unmergedEdits, all: useSyncExternalStore(unmergedEdits.subscribe, unmergedEdits.get) }
}
